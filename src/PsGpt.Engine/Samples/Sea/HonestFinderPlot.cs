namespace PsGpt.Samples;

/// <summary>The hero finds something precious, could keep it, and gives it back.</summary>
internal static class HonestFinderPlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("jewel | owner | story",
                "white pearl | old oyster | I made it myself, and it took me seven years",
                "shell comb | young mermaid | my mother gave it to me",
                "golden ring | sea queen | the king gave it to me when we were young",
                "silver flute | sea prince | I cannot sleep without its song",
                "glass star | old fisherman | it lights my way in the fog"),
            new("reward",
                "a cloak that shone like the morning sea",
                "a shell in which you can hear every song in the world",
                "a golden coin with a dolphin on it",
                "a place at the long table in the great hall",
                "a little boat with a blue sail"),
        ],
        [
            [
                "{Day}, {hero} saw {a jewel} that lay shining in the sand.",
                "{Day}, the tide brought {a jewel} right to {his} door.",
            ],
            [
                "\"I will keep it forever,\" said {hero}, and {he} hid it under a stone.",
                "\"Now I am rich!\" said {hero}, and {he} showed it to nobody.",
            ],
            [
                "Then {friend} the {friend.kind} came with news. \"The {owner} has lost {a jewel},\" {friend.he} said.",
                "In the evening, {a friend.kind} named {friend} came by. \"The {owner} is looking for {a jewel},\" {friend.he} said.",
            ],
            [
                "{hero} said nothing, but that night {he} could not sleep.",
                "{hero} said nothing, but all night {he} heard the {owner} weeping in the dark water.",
            ],
            [
                "In the morning, {he} went to {friend} and told {friend.him} everything.",
                "\"I found it,\" {he} said to {friend} at last, \"and I hid it.\"",
            ],
            [
                "\"It takes courage to tell the truth,\" said {friend}, and they brought it back together.",
                "{friend} was not angry, and together they brought it back.",
            ],
            [
                "\"Thank you!\" said the {owner}. \"{Story}.\"",
                "\"My {jewel}!\" cried the {owner}. \"{Story}.\"",
            ],
            [
                "And {hero} was given {reward}.",
                "As a reward, {hero} got {reward}.",
            ],
            [
                "{hero} learned that an honest heart shines brighter than any treasure.",
                "Now {hero} was known as the most honest {kind} in the sea.",
            ],
        ]);
}
