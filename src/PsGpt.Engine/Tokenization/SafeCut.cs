namespace PsGpt.Tokenization;

/// <summary>
/// Finds where a text that goes on may be cut without changing its pieces: behind a letter or digit, in front of a space or a
/// punctuation mark. In every GPT pattern a run of letters or digits has ended there, and no pattern looks back. An apostrophe
/// is no such place: it may begin a contraction that belongs to the word.
/// </summary>
internal static class SafeCut
{
    /// <summary>The last safe cut, or 0 where there is none.</summary>
    public static int Find(ReadOnlySpan<char> text)
    {
        for (var i = text.Length - 1; i > 0; i--)
        {
            if (char.IsLetterOrDigit(text[i - 1]) && (char.IsWhiteSpace(text[i]) || (char.IsPunctuation(text[i]) && text[i] is not ('\'' or '\u2019'))))
                return i;
        }

        return 0;
    }
}
