namespace PsGpt.Samples;

/// <summary>A wish that cannot come true comes true in another way.</summary>
internal static class WishPlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("wish | try | fail | idea | wonder",
                "touch the moon | climbed the tallest pine in the forest | the moon was still far away | look into the pond "
                    + "| the moon lay in the still water, and {hero} touched it gently",
                "fly like a bird | jumped from a log with two big leaves | {he} landed in a bush "
                    + "| build a swing under the old oak | {hero} flew up and down through the air",
                "catch a star | jumped as high as {he} could | the stars did not come any closer "
                    + "| wait in the tall grass when it is dark | a hundred fireflies danced around {him} like stars",
                "make a rainbow | painted all the stones with berry juice | the rain washed it away "
                    + "| stand by the waterfall when the sun comes out | a bright rainbow hung over the water",
                "hear the trees talk | put {his} ear to every tree | they did not say a word "
                    + "| come back when the wind is blowing | the leaves began to whisper soft and low",
                "walk on a cloud | climbed to the top of the hill | the clouds were still too high | get up before the sun "
                    + "| the valley was full of white mist, and {hero} walked right through a cloud"),
        ],
        [
            [
                "{hero} had one big wish, and that was to {wish}.",
                "More than anything, {hero} wanted to {wish}.",
                "Every night before bed, {hero} dreamed that {he} could {wish}.",
            ],
            ["{Day}, {he} {try}, but {fail}.", "So {he} {try}, but {fail}."],
            [
                "{He} tried again and again, but it was no use.",
                "\"Nobody can {wish},\" laughed the others.",
                "\"Maybe I am too small,\" {he} thought.",
            ],
            ["{meets}"],
            [
                "\"I want to {wish},\" said {hero}, \"but I do not know how.\"",
                "\"Can you tell me how to {wish}?\" asked {hero}.",
            ],
            [
                "{friend} thought for a long time. \"You must {idea},\" {friend.he} said.",
                "\"Of course,\" said {friend}. \"You only have to {idea}.\"",
            ],
            [
                "So they did just that.",
                "{hero} did not understand, but {he} did what {friend.he} said.",
                "They went together, and {hero} could hardly wait.",
            ],
            ["And then {wonder}.", "And look, {wonder}!"],
            [
                "\"My wish came true!\" cried {hero}.",
                "{hero} laughed until {his} belly hurt.",
                "\"It is even better than in my dreams,\" said {hero} softly.",
            ],
            [
                "{He} learned that a wish can come true in a way that you do not expect.",
                "\"You see things that nobody else can see,\" {he} said to {friend}.",
                "Sometimes you only need a friend who shows you where to look.",
            ],
        ]);
}
