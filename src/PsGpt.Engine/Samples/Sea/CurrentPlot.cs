namespace PsGpt.Samples;

/// <summary>A current carries the hero far away, and a stranger shows the way home.</summary>
internal static class CurrentPlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("play",
                "riding on the waves", "collecting shells", "chasing a bubble", "racing with the little fish", "looking for sea stars"),
            new("strange",
                "the water was green and full of ice",
                "there was no reef, only endless sand",
                "giant plants stood like towers",
                "strange fish with lamps on their heads looked at {him}"),
            new("guide | arrival",
                "the bright star in the north | under the star lay the bay",
                "the warm current | the water grew warmer and warmer until {he} saw the reef",
                "the sound of the bell on the harbor wall | the bell rang louder and louder until {he} saw the bay",
                "the birds that fly home in the evening | the birds flew straight to the bay",
                "the smell of the orange trees on the shore | the smell grew sweeter and sweeter until {he} saw the shore"),
        ],
        [
            [
                "{Day}, {hero} was {play} and did not see how far {he} had gone.",
                "\"Do not swim too far,\" said {his} mother, but {hero} was {play} and forgot.",
            ],
            [
                "Suddenly a strong current took hold of {him}.",
                "Then came a current as fast as a horse, and it carried {him} away.",
            ],
            [
                "When it let {him} go, {strange}.",
                "When {he} opened {his} eyes again, {strange}.",
            ],
            [
                "\"Where am I?\" whispered {hero}, and {he} felt very small.",
                "\"I want to go home,\" said {hero}, and a tear ran down {his} face.",
            ],
            ["{meets}"],
            [
                "\"You are far from home, little one,\" said {friend}. \"You must follow {guide}.\"",
                "\"I was lost once too,\" said {friend}. \"All you need is {guide}.\"",
            ],
            [
                "They swam all night, and when {hero} was tired, {friend} carried {him}.",
                "They swam side by side, and {friend} told {him} stories of the seven seas.",
            ],
            ["And truly, {arrival}.", "And just as {friend} had said, {arrival}."],
            [
                "{His} mother hugged {him} so hard that {he} could hardly breathe.",
                "\"There you are!\" cried {his} mother, and they all laughed and cried at once.",
            ],
            [
                "\"Stay with us for supper,\" said {hero} to {friend}, and {friend.he} stayed for a whole week.",
                "{hero} never forgot the stranger who had shown {him} the way.",
                "Now {hero} always looks around before {he} swims too far.",
            ],
        ]);
}
