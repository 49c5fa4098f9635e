using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>The tokenizers that are known by name.</summary>
public static class TokenizerCatalog
{
    private static readonly TokenizerPlugin Gpt2Plugin = new(
        "gpt2", "GPT-2's 50,257 byte-pair tokens, as OpenAI's tiktoken has them.",
        () => VocabularyResource.Load("gpt2", new Gpt2PreTokenizer(), new Dictionary<string, int> { [BytePairTokenizer.EndOfText] = 50256 }));

    private static readonly TokenizerPlugin[] BuiltIn =
    [
        Gpt2Plugin,
        new("cl100k_base", "The byte-pair tokens of GPT-3.5 and GPT-4, as OpenAI's tiktoken has them.",
            () => VocabularyResource.Load("cl100k_base", new Cl100kPreTokenizer(), new Dictionary<string, int>
            {
                [BytePairTokenizer.EndOfText] = 100257,
                ["<|fim_prefix|>"] = 100258,
                ["<|fim_middle|>"] = 100259,
                ["<|fim_suffix|>"] = 100260,
                ["<|endofprompt|>"] = 100276,
            })),
        new("o200k_base", "The byte-pair tokens of GPT-4o and later, as OpenAI's tiktoken has them.",
            () => VocabularyResource.Load("o200k_base", new O200kPreTokenizer(), new Dictionary<string, int>
            {
                [BytePairTokenizer.EndOfText] = 199999,
                ["<|endofprompt|>"] = 200018,
            })),
    ];

    static TokenizerCatalog()
    {
        foreach (var plugin in BuiltIn)
            Registry.Register(plugin);
    }

    /// <summary>All of them; register your own here.</summary>
    public static Registry<TokenizerPlugin> Registry { get; } = new("tokenizer");

    /// <summary>GPT-2's.</summary>
    public static Tokenizer Gpt2 => Gpt2Plugin.Tokenizer;

    /// <summary>
    /// The built-in tokenizer that equals one from a file, so that both share a cache of words; the tokenizer itself where none does.
    /// </summary>
    internal static BytePairTokenizer Share(BytePairTokenizer tokenizer) =>
        ((BytePairTokenizer?)BuiltIn.FirstOrDefault(plugin => plugin.Name == tokenizer.Name)?.Share(tokenizer) ?? tokenizer)
            .WithEndOfText(tokenizer.EndOfTextTokens);
}
