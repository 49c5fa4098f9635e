using PsGpt.Formats.Gguf;
using PsGpt.Plugins;

namespace PsGpt.Formats.Tokenizers;

/// <summary>The formats of tokenizers that are known by name.</summary>
public static class TokenizerFormatCatalog
{
    static TokenizerFormatCatalog()
    {
        Registry.Register(new GgufTokenizerFormat());
        Registry.Register(new HuggingFaceTokenizerFormat());
        Registry.Register(new LlmcTokenizerFormat());
        Registry.Register(new MergesFormat());
        Registry.Register(new TiktokenFormat());
    }

    /// <summary>All of them; register your own here.</summary>
    public static Registry<ITokenizerFormat> Registry { get; } = new("tokenizer format", plugin => new GuardedTokenizerFormat(plugin));
}
