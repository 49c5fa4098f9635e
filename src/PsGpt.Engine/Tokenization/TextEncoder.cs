namespace PsGpt.Tokenization;

/// <summary>
/// Encodes texts one after the other. Added tokens are found first, those that are not normalized before the others; what stands
/// between them gets its prefix space and goes to <see cref="Tokenizer.Encode(ReadOnlySpan{char}, bool, List{int})"/>.
/// </summary>
internal sealed class TextEncoder
{
    private readonly HashSet<string> ignored = new(StringComparer.Ordinal);
    private readonly EncodeText first;

    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="allowSpecial">Whether texts of special tokens become those tokens; otherwise they are plain text.</param>
    public TextEncoder(Tokenizer tokenizer, bool allowSpecial)
    {
        first = tokenizer.Encode;
        if (tokenizer.AddsPrefixSpace)
            first = new PrefixSpaceStage(first).Encode;
        foreach (var finder in tokenizer.AddedTokenFinders)
            first = new AddedTokenStage(finder, first, allowSpecial, ignored).Encode;
    }

    /// <summary>The special tokens whose texts were encoded as plain text.</summary>
    public IReadOnlyCollection<string> IgnoredSpecialTokens => ignored;

    /// <inheritdoc cref="EncodeText"/>
    public int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens) => first(text, isEnd, tokens);
}
