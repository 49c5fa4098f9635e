namespace PsGpt.Samples;

/// <summary>The monster that everybody fears only needs somebody who is kind.</summary>
internal static class MonsterPlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("monster", "shark", "sea dragon", "sea serpent", "giant crocodile", "moray"),
            new("sorrow | cure",
                "I have such a toothache | tied a string to the bad tooth and pulled it out",
                "there is a hook in my fin | took the hook out very gently",
                "nobody ever comes to play with me | stayed and played with it until the sun went down",
                "I am cold and I cannot sleep | brought a big blanket of seaweed and sang to it",
                "I have lost my way home | showed it the way to the open sea"),
            new("cave", "black cave", "deep hole", "dark wreck", "cold valley"),
        ],
        [
            [
                "In {a cave} near the reef there was a terrible {monster}.",
                "Everyone in the bay was afraid of the {monster} that lived in the {cave}.",
            ],
            [
                "Every night it roared so loudly that the shells fell off the rocks.",
                "When it roared, all the fish hid under the sand.",
            ],
            [
                "{hero} asked {his} friend {friend}, {a friend.kind}, to come along to the {cave}.",
                "{hero} swam to the {cave}, and {friend} the {friend.kind} came along, because two are braver than one.",
            ],
            [
                "Two yellow eyes opened. \"Who is there?\" roared the {monster}.",
                "\"Go away!\" roared the {monster}.",
            ],
            [
                "\"Why are you so angry?\" asked {hero} in a small voice.",
                "\"Good evening, is something wrong?\" asked {hero} politely.",
            ],
            [
                "\"I am not angry,\" said the {monster}. \"{Sorrow}.\"",
                "The {monster} began to cry. \"{Sorrow},\" it said.",
            ],
            [
                "So {hero} and {friend} {cure}.",
                "\"Poor thing,\" said {friend}, and together they {cure}.",
            ],
            [
                "Since then, it watches over the bay, and all the little fish play on its back.",
                "From that day on, nobody was afraid, and the {monster} came to tea every Sunday.",
            ],
            [
                "{hero} learned that an angry voice may hide a sad heart.",
                "\"A kind word opens every door,\" said {friend}.",
            ],
        ]);
}
