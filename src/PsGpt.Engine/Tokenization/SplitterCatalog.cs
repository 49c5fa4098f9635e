using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>The ways to cut a text into pieces that are known by name.</summary>
public static class SplitterCatalog
{
    static SplitterCatalog()
    {
        Registry.Register(new Gpt2Splitter());
        Registry.Register(new Cl100kSplitter());
        Registry.Register(new O200kSplitter());
    }

    /// <summary>All of them; register your own here.</summary>
    public static Registry<ITextSplitter> Registry { get; } = new("split");
}
