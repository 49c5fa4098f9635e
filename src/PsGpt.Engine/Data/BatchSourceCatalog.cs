using PsGpt.Plugins;

namespace PsGpt.Data;

/// <summary>The ways to take batches from a text that are known by name. The built-in ones are those of <see cref="BatchOrder"/>.</summary>
public static class BatchSourceCatalog
{
    static BatchSourceCatalog()
    {
        Add("random", "Windows that start anywhere, as nanoGPT draws them.",
            setup => new RandomDataLoader(setup.Tokens, setup.BatchSize, setup.SequenceLength, setup.Seed));
        Add("sequential", "One part after the other from the start, and again from the start.",
            setup => new ShardDataLoader(setup.Tokens, setup.BatchSize, setup.SequenceLength));
        Add("shuffled", "Each part once, in an order that is drawn anew each time through the text.",
            setup => new ShardDataLoader(setup.Tokens, setup.BatchSize, setup.SequenceLength, setup.Seed));
    }

    /// <summary>All of them; register your own here.</summary>
    public static Registry<BatchSourcePlugin> Registry { get; } = new("batch source");

    private static void Add(string name, string description, Func<BatchSourceSetup, IDataLoader> create) =>
        Registry.Register(new BatchSourcePlugin(name, description, create));
}
