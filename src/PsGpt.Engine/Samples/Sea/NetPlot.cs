namespace PsGpt.Samples;

/// <summary>This time the big friend is in trouble, and the small ones help.</summary>
internal static class NetPlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("friend.kind", "whale", "walrus", "swordfish", "stingray", "sea lion", "giant squid"),
            new("net", "an old fishing net", "a long rope", "a torn sail", "a tangle of fishing line"),
            new("helpers", "crabs", "little fish", "lobsters", "shrimps", "sea snails"),
            new("gift",
                "a ride around the bay", "a ride to the island of birds", "a ride over the great waves",
                "a ride to the end of the rainbow"),
        ],
        [
            [
                "{Day}, {hero} heard a deep, sad sound from behind the reef.",
                "{Day}, the water shook, and {hero} heard a cry for help.",
            ],
            [
                "It was {friend} the {friend.kind}, who was caught in {net}.",
                "There lay {a friend.kind} named {friend}, wrapped up in {net}.",
            ],
            [
                "\"The more I pull, the tighter it gets,\" said {friend}.",
                "\"I have been here since the last tide,\" said {friend}, \"and I am so tired.\"",
            ],
            [
                "The other fish were afraid and swam away, but {hero} stayed.",
                "{hero} was afraid, because {friend} was so big, but {he} swam closer.",
            ],
            [
                "\"I will set you free,\" said {hero}.",
                "\"Hold still, and I will help you,\" said {hero}.",
            ],
            [
                "{He} bit and pulled until {his} teeth hurt, but there were too many knots.",
                "{He} opened one knot, and then another, but there were a hundred more.",
            ],
            [
                "So {he} called all the {helpers} of the reef.",
                "Then {he} had an idea, and {he} called the {helpers}.",
            ],
            [
                "They came from everywhere, and snip, snap, they cut one knot after the other.",
                "Everyone took one knot, and they worked until the stars came out.",
            ],
            [
                "At last {friend} was free, and {friend.he} jumped high out of the water for joy.",
                "With a great splash, {friend} was free!",
            ],
            [
                "\"How can I thank you?\" asked {friend}, and {friend.he} gave all of them {gift}.",
                "To say thank you, {friend} took them on {friend.his} back for {gift}.",
            ],
            [
                "{hero} learned that little ones can do big things when they work together.",
                "Nobody ever called {hero} too little again.",
            ],
        ]);
}
