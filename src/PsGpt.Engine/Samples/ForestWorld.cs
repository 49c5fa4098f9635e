namespace PsGpt.Samples;

/// <summary>The small animals of a forest.</summary>
internal static class ForestWorld
{
    public static readonly StoryWorld World = new(
        Tables:
        [
            StoryTable.HeroAndFriend(
                boys: "Pip Tom Max Finn Leo Sam Ben Oscar Toby Milo Jack Theo Otto Rusty",
                girls: "Mia Lily Rosie Luna Daisy Poppy Ella Hazel Ruby Nora Tilly Maya Willow Molly"),
            new("kind",
                "fox", "mouse", "rabbit", "squirrel", "badger", "hedgehog", "mole", "beaver", "raccoon", "hare", "otter", "chipmunk"),
            new("friend.kind", "owl", "deer", "bear", "goose", "frog", "goat", "crow", "wolf", "duck", "pony", "moose", "tortoise"),
            new("home",
                "in a hollow tree near the stream",
                "under the roots of an old oak",
                "in a cozy burrow on a green hill",
                "in a little house made of moss",
                "at the edge of the deep forest",
                "beside a quiet pond",
                "in a small den behind the waterfall",
                "between two tall pine trees",
                "in a warm nest of leaves",
                "near the old stone bridge"),
            new("trait | habit",
                "curious | asked questions about everything",
                "cheerful | hummed a merry tune",
                "gentle | spoke kindly to every bug and bird",
                "clever | solved riddles for fun",
                "kind | helped somebody in the forest",
                "playful | turned every walk into a game",
                "careful | looked twice before every step",
                "dreamy | watched the clouds go by",
                "busy | made something new out of sticks and leaves",
                "funny | told jokes to make the others laugh",
                "tidy | swept the path in front of {his} door",
                "polite | said good morning to everyone {he} met",
                "lively | raced the wind across the grass"),
        ],
        Phrases: new()
        {
            ["day"] = [
                "one day", "one morning", "one sunny morning", "one windy day", "one fine day", "one warm afternoon",
                "one bright spring day",
            ],
            ["meets"] =
            [
                "Just then, {friend} the {friend.kind} came by.",
                "At that moment, {friend} the {friend.kind} came along the path.",
                "{A friend.kind} named {friend} heard {him} and came closer.",
                "Not far away, {a friend.kind} named {friend} looked up and came over.",
                "{His} neighbor {friend}, {a friend.kind} with kind eyes, sat down next to {him}.",
            ],
        },
        Opening:
        [
            [
                "Once upon a time, there was {a trait} little {kind} named {hero}. {He} lived {home}.",
                "Once upon a time, there was {a trait} little {kind} named {hero}. Every day, {he} {habit}.",
                "Once upon a time, there was {a trait} {kind} named {hero}, who lived {home}.",
                "Once upon a time, {a trait} {kind} named {hero} lived {home}. {He} often {habit}.",
                "Once upon a time, {home}, there lived {a trait} little {kind} named {hero}.",
                "Once upon a time, there was a little {kind} who lived {home}. {His} name was {hero}, and {he} was very {trait}.",
                "Once upon a time, in a big green forest, there lived {a trait} {kind} named {hero}. Every day, {he} {habit}.",
                "Once upon a time, there lived {a trait} little {kind} in the forest. {His} name was {hero}.",
                "Long ago, {a trait} little {kind} named {hero} lived {home}.",
                "There once was {a trait} little {kind} named {hero}, who lived {home}.",
            ],
        ],
        Plots:
        [
            LostThingPlot.Plot,
            BirthdayCakePlot.Plot,
            RescuePlot.Plot,
            FearPlot.Plot,
            SharingPlot.Plot,
            RacePlot.Plot,
            WishPlot.Plot,
            SeedPlot.Plot,
        ],
        Ending:
        [
            [
                "And they lived happily ever after.",
                "And {hero} and {friend} were the best of friends forever.",
                "The whole forest was happy.",
                "That night, {hero} fell asleep with a smile.",
                "And if you go to the forest today, you may still hear them laugh.",
                "",
            ],
        ]);
}
