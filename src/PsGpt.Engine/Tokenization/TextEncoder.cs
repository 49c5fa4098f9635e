namespace PsGpt.Tokenization;

/// <summary>
/// Encodes texts one after the other. The added tokens that are not normalized are found first. The text between them is normalized, the
/// other added tokens are found in it, and the rest gets its prefix space and goes to the tokenizer.
/// </summary>
internal sealed class TextEncoder
{
    private readonly HashSet<string> ignored = new(StringComparer.Ordinal);
    private readonly EncodeText first;

    /// <param name="encode">Encodes a stretch of text without added tokens.</param>
    /// <param name="normalizer">Normalizes the text between added tokens, or null.</param>
    /// <param name="normalized">Finds the added tokens that are looked for in normalized text; null where there are none.</param>
    /// <param name="plain">Finds the others; null where there are none.</param>
    /// <param name="allowSpecial">Whether texts of special tokens become those tokens; otherwise they are plain text.</param>
    public TextEncoder(
        EncodeText encode, TextNormalizer? normalizer, AddedTokenFinder? normalized, AddedTokenFinder? plain, bool allowSpecial)
    {
        first = encode;
        if (normalized is not null)
            first = new AddedTokenStage(normalized, first, allowSpecial, ignored).Encode;
        if (normalizer is not null)
            first = new NormalizerStage(normalizer, first).Encode;
        if (plain is not null)
            first = new AddedTokenStage(plain, first, allowSpecial, ignored).Encode;
    }

    /// <summary>The special tokens whose texts were encoded as plain text.</summary>
    public IReadOnlyCollection<string> IgnoredSpecialTokens => ignored;

    /// <inheritdoc cref="EncodeText"/>
    public int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens) => first(text, isEnd, tokens);
}
