namespace PsGpt.Samples;

/// <summary>The hero is afraid of something, must face it, and a friend knows how.</summary>
internal static class FearPlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("fear | task | trick | discovery",
                "the dark | bring hot soup to {his} sick grandmother after sunset | sing a song with every step "
                    + "| the night was full of friendly stars",
                "thunder | stay at home alone while the rain came down | count slowly to ten | the thunder was only the drum of the clouds",
                "high places | cross the old bridge over the river | look at the other side and not down "
                    + "| the bridge was strong and the river was far below",
                "deep water | swim across the pond to the little island | kick and breathe, kick and breathe "
                    + "| the water held {him} up like a soft bed",
                "big crowds | sing a song at the summer fair | look for one friendly face | everybody was smiling at {him}",
                "the old cave | get {his} kite back from the old cave | hold up a lamp | the cave was only the home of a sleepy bat"),
        ],
        [
            [
                "There was only one thing that {hero} did not like, and that was {fear}.",
                "But {hero} had a secret, because {he} was afraid of {fear}.",
                "{hero} was not afraid of much, but {he} was very afraid of {fear}.",
            ],
            ["Then one day, {he} had to {task}.", "And the day came when {he} had to {task}."],
            [
                "{His} knees shook, and {his} heart went boom, boom, boom.",
                "{He} stood still and could not take one step.",
                "\"I cannot do it,\" whispered {hero}.",
                "\"I am too small for this,\" said {hero} in a low voice.",
            ],
            [
                "{meets} \"I was afraid of {fear} too,\" {friend.he} said. \"You just {trick}, and the fear becomes small.\"",
                "{meets} \"I will tell you a secret,\" {friend.he} said. \"When you {trick}, the fear becomes small.\"",
            ],
            [
                "{hero} took a deep breath and tried it.",
                "{hero} closed {his} eyes for a moment, and then {he} began.",
                "So {hero} went, and {friend} stayed close by.",
            ],
            ["At first it was hard, but then it became easier and easier.", "Little by little, {his} heart became quiet."],
            ["Soon {he} saw that {discovery}.", "And to {his} surprise, {discovery}."],
            [
                "\"I did it!\" shouted {hero}. \"I was afraid, and I did it!\"",
                "{He} learned that you can be afraid and brave at the same time.",
                "From that day on, {hero} was not afraid of {fear} any more.",
                "Now, when somebody is afraid of {fear}, {hero} tells them what to do.",
            ],
        ]);
}
