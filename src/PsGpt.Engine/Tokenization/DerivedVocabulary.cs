namespace PsGpt.Tokenization;

/// <summary>Encodings of openai/tiktoken that are another one and a few tokens more (<c>openai_public.py</c>).</summary>
internal static class DerivedVocabulary
{
    private const int LongestSpaces = 25;
    private const int HarmonySize = 201_088;

    /// <summary><c>p50k_base</c>: GPT-2's tokens, and behind its end of text runs of 2 to 25 spaces.</summary>
    public static BytePairTokenizer P50k(BytePairTokenizer gpt2)
    {
        List<byte[]> tokens = [.. gpt2.MergedIds.Select(gpt2.GetBytes)];
        for (var length = 2; length <= LongestSpaces; length++)
        {
            var spaces = new byte[length];
            Array.Fill(spaces, (byte)' ');
            tokens.Add(spaces);
        }

        return BytePairTokenizer.FromTokens(tokens, gpt2.PreTokenizer, gpt2.SpecialTokens);
    }

    /// <summary><c>p50k_edit</c>: the tokens of <c>p50k_base</c>, and three for gaps that a model fills in.</summary>
    public static BytePairTokenizer P50kEdit(BytePairTokenizer p50k) =>
        new(p50k.ByteOrder, p50k.Merges, p50k.PreTokenizer, new Dictionary<string, int>(p50k.SpecialTokens)
        {
            ["<|fim_prefix|>"] = 50281,
            ["<|fim_middle|>"] = 50282,
            ["<|fim_suffix|>"] = 50283,
        });

    /// <summary><c>o200k_harmony</c> of gpt-oss: the tokens of <c>o200k_base</c>, and special tokens for conversations.</summary>
    public static BytePairTokenizer Harmony(BytePairTokenizer o200k)
    {
        var special = new Dictionary<string, int>(o200k.SpecialTokens)
        {
            ["<|startoftext|>"] = 199998,
            ["<|return|>"] = 200002,
            ["<|constrain|>"] = 200003,
            ["<|channel|>"] = 200005,
            ["<|start|>"] = 200006,
            ["<|end|>"] = 200007,
            ["<|message|>"] = 200008,
            ["<|call|>"] = 200012,
        };

        // tiktoken has a second text for 200018, <|reserved_200018|>; here an id has one, as in the model's own tokenizer.json.
        var taken = special.Values.ToHashSet();
        for (var id = 200_000; id < HarmonySize; id++)
        {
            if (!taken.Contains(id))
                special[FormattableString.Invariant($"<|reserved_{id}|>")] = id;
        }

        return new(o200k.ByteOrder, o200k.Merges, o200k.PreTokenizer, special);
    }
}
