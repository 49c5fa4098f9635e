namespace PsGpt.Tokenization;

/// <summary>
/// Puts a space in front of a text that starts with none (<c>add_prefix_space</c>), so that its first word is as any other.
/// </summary>
/// <param name="next">Encodes the text.</param>
internal sealed class PrefixSpaceStage(EncodeText next)
{
    // The start of a long text is encoded from a copy with the space; pre-tokens are hardly ever longer.
    private const int StartLength = 1024;

    private bool isStarted;

    /// <inheritdoc cref="EncodeText"/>
    public int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        var position = 0;
        if (!isStarted && !text.IsEmpty && text[0] != ' ')
        {
            position = EncodeStart(text[..Math.Min(text.Length, StartLength)], isEnd && text.Length <= StartLength, tokens);
            if (position == 0 && text.Length > StartLength)
                position = EncodeStart(text, isEnd, tokens);
            if (position == 0)
                return 0;
        }

        // The space counts as the first char, so that a start of which only the space is certain is a start all the same.
        var taken = Math.Max(0, position - 1);
        isStarted |= !text.IsEmpty;
        taken += next(text[taken..], isEnd, tokens);
        if (isEnd)
            isStarted = false;
        return taken;
    }

    /// <summary>Encodes a start with the space; the space counts.</summary>
    private int EncodeStart(ReadOnlySpan<char> text, bool isEnd, List<int> tokens) => next($" {text}", isEnd, tokens);
}
