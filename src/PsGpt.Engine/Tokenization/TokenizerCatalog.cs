using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>The tokenizers that are known by name.</summary>
public static class TokenizerCatalog
{
    private const int Gpt2EndOfText = 50256;

    private static readonly TokenizerPlugin Gpt2Plugin = new(
        "gpt2", "GPT-2's 50,257 byte-pair tokens, as OpenAI's tiktoken has them.",
        () => VocabularyResource.Load(
            "gpt2", new Gpt2PreTokenizer(), new Dictionary<string, int> { [BytePairTokenizer.EndOfText] = Gpt2EndOfText }));

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

    // Made from the ones above, so that nothing more is shipped. GPT-3's first encoding is GPT-2's under another name.
    private static readonly TokenizerPlugin[] Derived =
    [
        new("r50k_base", "GPT-2's tokens under the name that GPT-3 has for them.", () => Gpt2),
        new("p50k_base", "The byte-pair tokens of Codex: GPT-2's and runs of spaces.", () => DerivedVocabulary.P50k(Get("gpt2"))),
        new("p50k_edit", "The tokens of p50k_base and three for gaps to fill in.",
            () => DerivedVocabulary.P50kEdit(DerivedVocabulary.P50k(Get("gpt2")))),
        new("o200k_harmony", "The tokens of o200k_base and those of gpt-oss for conversations.",
            () => DerivedVocabulary.Harmony(Get("o200k_base"))),
    ];

    static TokenizerCatalog()
    {
        foreach (var plugin in BuiltIn.Concat(Derived))
            Registry.Register(plugin);
    }

    /// <summary>All of them; register your own here.</summary>
    public static Registry<TokenizerPlugin> Registry { get; } = new("tokenizer");

    /// <summary>The tokenizer of one of OpenAI's models, such as <c>gpt-4o</c>, or null where the name is not known.</summary>
    /// <param name="model">The name of the model, also with a version behind it.</param>
    public static Tokenizer? FindByModel(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelEncodings.Find(model) is { } encoding ? Registry.Get(encoding).Tokenizer : null;
    }

    /// <summary>GPT-2's.</summary>
    public static Tokenizer Gpt2 => Gpt2Plugin.Tokenizer;

    private static BytePairTokenizer Get(string name) => (BytePairTokenizer)BuiltIn.First(plugin => plugin.Name == name).Tokenizer;

    /// <summary>
    /// The built-in tokenizer that equals one from a file, so that both share a cache of words; the tokenizer itself where none does.
    /// </summary>
    internal static BytePairTokenizer Share(BytePairTokenizer tokenizer)
    {
        // None is smaller than GPT-2's, and the name takes a hash of all merges.
        if (tokenizer.VocabularySize <= Gpt2EndOfText)
            return tokenizer;
        var equal = BuiltIn.FirstOrDefault(plugin => plugin.Name == tokenizer.Name);
        return ((BytePairTokenizer?)equal?.Share(tokenizer) ?? tokenizer).WithEndOfText(tokenizer.EndOfTextTokens);
    }
}
