using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>The ways to cut a text into pre-tokens that are known by name.</summary>
public static class PreTokenizerCatalog
{
    static PreTokenizerCatalog()
    {
        Registry.Register(new Gpt2PreTokenizer());
        Registry.Register(new Cl100kPreTokenizer());
        Registry.Register(new O200kPreTokenizer());
    }

    /// <summary>All of them; register your own here.</summary>
    public static Registry<IPreTokenizer> Registry { get; } = new("split", plugin => new GuardedPreTokenizer(plugin));
}
