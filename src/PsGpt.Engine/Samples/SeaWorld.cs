namespace PsGpt.Samples;

/// <summary>The small animals of the sea and its shores.</summary>
internal static class SeaWorld
{
    public static readonly StoryWorld World = new(
        Tables:
        [
            StoryTable.HeroAndFriend(
                boys: "Kai Skipper Marlo Nico Ollie Hugo Jonah Drake Percy Murray Dylan Caspian Bruno Felix",
                girls: "Coral Pearl Marina Shelly Isla Stella Wanda Misty Sandy Nixie Bonnie Cleo Lulu Tessa"),
            new("kind", "crab", "seahorse", "dolphin", "turtle", "starfish", "seal", "shrimp", "octopus", "goldfish", "sardine"),
            new("friend.kind", "whale", "walrus", "lobster", "swordfish", "jellyfish", "squid", "eel", "stingray", "sea lion", "codfish"),
            new("home",
                "in a pink shell on the sea floor",
                "in a garden of bright coral",
                "in a cave below the cliffs",
                "at the bottom of a blue bay",
                "inside an old sunken ship",
                "between two rocks covered with seaweed",
                "under a roof of green kelp",
                "close to a sandy island",
                "near a white lighthouse",
                "in a warm lagoon"),
            new("trait | habit",
                "curious | looked into every shell",
                "cheerful | blew silver bubbles",
                "bold | chased the waves to the shore",
                "gentle | rocked the baby fish to sleep",
                "clever | drew maps in the sand",
                "kind | helped somebody in the bay",
                "playful | played hide and seek with the waves",
                "dreamy | listened to the sound of the tide",
                "busy | built castles out of sand",
                "funny | told jokes that made the oysters giggle",
                "patient | polished pebbles until they shone",
                "graceful | danced with the current"),
        ],
        Phrases: new()
        {
            ["day"] = [
                "one day", "one morning", "one calm morning", "one stormy day", "one bright summer day", "one day at low tide",
                "one day at high tide",
            ],
            ["meets"] =
            [
                "Just then, {friend} the {friend.kind} swam by.",
                "At that moment, {friend} the {friend.kind} came up from the deep.",
                "{A friend.kind} named {friend} heard {him} and swam closer.",
                "Out of the blue water came {friend}, {a friend.kind} with a friendly smile.",
            ],
        },
        Opening:
        [
            [
                "Once upon a time, there was {a trait} little {kind} named {hero}. {He} lived {home}.",
                "Once upon a time, there was {a trait} little {kind} named {hero}. Every day, {he} {habit}.",
                "Once upon a time, {a trait} {kind} named {hero} lived {home}. {He} often {habit}.",
                "Once upon a time, {home}, there lived {a trait} little {kind} named {hero}.",
                "Once upon a time, deep in the blue sea, there lived {a trait} {kind} named {hero}. Every day, {he} {habit}.",
                "Once upon a time, far out in the ocean, there was {a trait} {kind} named {hero}.",
                "Long ago, {a trait} little {kind} named {hero} lived {home}.",
                "There once was {a trait} little {kind} named {hero}, who lived {home}.",
            ],
        ],
        Plots:
        [
            TreasurePlot.Plot,
            LighthousePlot.Plot,
            NetPlot.Plot,
            MonsterPlot.Plot,
            ChoirPlot.Plot,
            CurrentPlot.Plot,
            HonestFinderPlot.Plot,
        ],
        Ending:
        [
            [
                "And they lived happily ever after under the waves.",
                "And {hero} and {friend} were the best of friends forever.",
                "All the fish in the bay were happy.",
                "That night, the waves rocked {hero} to sleep.",
                "And when the sea is calm, you can still hear them sing.",
                "",
            ],
        ]);
}
