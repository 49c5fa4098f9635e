using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>The tokenizers that are known by name.</summary>
public static class TokenizerCatalog
{
    private static readonly TokenizerPlugin Gpt2Plugin = new(
        "gpt2", "GPT-2's 50,257 byte-pair tokens, as OpenAI's tiktoken has them.", VocabularyResource.LoadGpt2);

    static TokenizerCatalog() => Registry.Register(Gpt2Plugin);

    /// <summary>All of them; register your own here.</summary>
    public static Registry<TokenizerPlugin> Registry { get; } = new("tokenizer");

    /// <summary>GPT-2's.</summary>
    public static Tokenizer Gpt2 => Gpt2Plugin.Tokenizer;
}
