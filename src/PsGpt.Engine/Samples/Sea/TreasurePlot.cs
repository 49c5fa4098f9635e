namespace PsGpt.Samples;

/// <summary>A map in a bottle leads to a chest that the hero cannot open alone.</summary>
internal static class TreasurePlot
{
    public static readonly StoryPlot Plot = new(
        [
            new("clue",
                "under the arch of red coral",
                "behind the black rock",
                "in the belly of a sunken ship",
                "below a rusty anchor",
                "at the end of the kelp forest",
                "under a crooked stone"),
            new("treasure | use",
                "a music box | it played a song as soft as the tide",
                "a golden mirror | every face looked merry in it",
                "a crown of pearls | everybody wore it for one day",
                "a lamp of colored glass | it made the whole cave glow",
                "a silver drum | the waves danced when it was played",
                "a tiny ship in a bottle | its little flags moved all by themselves"),
        ],
        [
            [
                "{Day}, a green bottle floated by, and {hero} pulled out the cork.",
                "{Day}, {hero} found an old bottle in the seaweed.",
            ],
            [
                "Inside was a map that said, \"The treasure lies {clue}.\"",
                "Inside was a map, and on the map was a red cross {clue}.",
            ],
            [
                "{hero} set off at once, and without a sound {he} passed the house of the shark.",
                "{He} swam all day, past the reef and past the dark hole of the moray.",
                "The way was long, and the water grew dark and cold.",
            ],
            [
                "And there, {clue}, stood an iron chest.",
                "At last {he} saw it {clue}, a heavy iron chest!",
            ],
            [
                "{hero} pulled at the lid, but it did not move.",
                "But the chest had a lock, and there was no key.",
            ],
            ["{meets}"],
            [
                "\"If you help me, I will share the treasure with you,\" said {hero}.",
                "\"I found a treasure,\" said {hero}, \"but I cannot open it alone.\"",
            ],
            [
                "{friend} pushed from one side and {hero} pulled from the other, and the chest flew open.",
                "{friend} held the chest, {hero} turned the lock with a fish bone, and click, it was open!",
            ],
            [
                "There was no gold in it, but there was {treasure}, and {use}.",
                "Inside lay {treasure}, and {use}.",
            ],
            [
                "\"It is better than gold,\" said {hero}, \"because we can all enjoy it.\"",
                "They took it home, and there was a party that lasted three days.",
                "\"The real treasure,\" said {friend}, \"is that I have met you.\"",
            ],
        ]);
}
