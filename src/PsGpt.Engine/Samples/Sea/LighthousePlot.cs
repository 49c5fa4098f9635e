namespace PsGpt.Samples;

/// <summary>The lighthouse is dark in a storm, and many small lights save a ship.</summary>
internal static class LighthousePlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("ship", "a fishing boat", "a little sailing boat", "a ship full of children", "an old ferry", "a boat with a red sail"),
            new("lights", "glowing shrimps", "lantern fish", "shining sea snails", "moon fish", "silver squids"),
        ],
        [
            [
                "Every night, the lighthouse showed the ships the way, and {hero} loved its light.",
                "From {his} window, {hero} could see the lighthouse, and its light made {him} feel safe.",
            ],
            [
                "But one night, in a great storm, the light went out.",
                "But one stormy night, the lamp of the lighthouse broke.",
            ],
            [
                "The waves were as high as houses, and out there was {ship}!",
                "Thunder rolled over the sea, and {hero} saw {ship} in the high waves.",
            ],
            [
                "\"They will hit the rocks!\" cried {hero}, but {he} had no lamp.",
                "\"Somebody must help them!\" cried {hero}, but {he} was so small.",
            ],
            ["{meets}"],
            [
                "\"One light is small, but many lights are big,\" said {friend}. \"Call the {lights}!\"",
                "\"Let us call the {lights},\" {friend.he} said.",
            ],
            [
                "{hero} swam from cave to cave and knocked on every door.",
                "So {hero} called as loudly as {he} could, and {friend} called too.",
            ],
            [
                "Soon a hundred {lights} came out and made a long bright line in front of the rocks.",
                "The {lights} came from all sides, and together they shone like the sun.",
            ],
            [
                "The captain saw the light and turned the wheel just in time.",
                "Slowly the boat turned around and found its way into the harbor.",
            ],
            [
                "{hero} learned that many small lights can beat a big storm.",
                "\"You were our captain tonight,\" said {friend} to {hero}.",
                "In the morning, the sailors threw flowers into the water to say thank you.",
                "The whole bay cheered, and {hero} was very proud.",
            ],
        ]);
}
