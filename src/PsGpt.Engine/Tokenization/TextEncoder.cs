namespace PsGpt.Tokenization;

/// <summary>
/// Encodes texts one after the other. Added tokens are found first, those that are not normalized before the others; what stands
/// between them gets its prefix space and goes to the tokenizer.
/// </summary>
internal sealed class TextEncoder
{
    private readonly HashSet<string> ignored = new(StringComparer.Ordinal);
    private readonly EncodeText first;

    /// <param name="encode">Encodes a stretch of text without added tokens.</param>
    /// <param name="addsPrefixSpace">Whether a stretch that does not start with a space is encoded as if it did.</param>
    /// <param name="finders">Find the added tokens, from the last to be asked to the first.</param>
    /// <param name="allowSpecial">Whether texts of special tokens become those tokens; otherwise they are plain text.</param>
    public TextEncoder(EncodeText encode, bool addsPrefixSpace, IEnumerable<AddedTokenFinder> finders, bool allowSpecial)
    {
        first = addsPrefixSpace ? new PrefixSpaceStage(encode).Encode : encode;
        foreach (var finder in finders)
            first = new AddedTokenStage(finder, first, allowSpecial, ignored).Encode;
    }

    /// <summary>The special tokens whose texts were encoded as plain text.</summary>
    public IReadOnlyCollection<string> IgnoredSpecialTokens => ignored;

    /// <inheritdoc cref="EncodeText"/>
    public int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens) => first(text, isEnd, tokens);
}
