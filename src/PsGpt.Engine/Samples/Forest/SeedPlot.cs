namespace PsGpt.Samples;

/// <summary>A seed teaches patience.</summary>
internal static class SeedPlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("seed | plant",
                "sunflower | a sunflower as tall as a house",
                "pumpkin | a pumpkin as big as a wagon",
                "bean | a bean plant that reached the roof",
                "apple | a little tree with one red apple",
                "rose | a rose as red as the evening sky",
                "melon | a round green melon, sweet and cool"),
            new("trait | habit",
                "lively | raced the wind across the grass",
                "impatient | wanted everything at once",
                "restless | ran from one game to the next",
                "cheerful | hummed a merry tune"),
        ],
        [
            [
                "{Day}, {hero} found {a seed} seed on the path.",
                "For {his} birthday, {hero} got {a seed} seed.",
                "{Day}, an old bird gave {hero} {a seed} seed.",
            ],
            ["{He} put it in the ground and gave it some water.", "{He} dug a small hole behind the house and put the seed in it."],
            [
                "{He} waited one day, two days and three days, but nothing came up.",
                "{He} sang to it and danced around it, but nothing came up.",
                "The next morning, {he} ran outside, but there was only brown earth.",
            ],
            [
                "\"This seed is no good,\" said {hero}, and {he} wanted to dig it up.",
                "\"It will never grow,\" cried {hero}, and {he} began to dig it up.",
            ],
            [
                "\"Wait!\" called {friend} the {friend.kind}. \"A seed needs time to wake up.\"",
                "\"Stop!\" called {friend}, {a friend.kind} who lived nearby. \"It is working under the ground, where you cannot see it.\"",
            ],
            [
                "\"But waiting is so hard,\" said {hero}.",
                "{hero} put away the spade and gave it more water.",
            ],
            [
                "So {hero} waited, and every day {friend} came to wait with {him}.",
                "They told stories and played games while the sun and the rain did their work.",
            ],
            [
                "Then, one morning, a tiny green leaf came out of the ground.",
                "At last, after a warm rain, something small and green looked out of the earth.",
            ],
            ["By the end of the summer, there stood {plant}.", "It grew and grew, and in the end it was {plant}."],
            [
                "\"It was worth the wait,\" said {hero}, and they danced around it.",
                "{He} learned that good things need time.",
                "Now {hero} knows that you cannot hurry the best things.",
                "In the autumn, {he} gave a new seed to every friend {he} had.",
            ],
        ]);
}
