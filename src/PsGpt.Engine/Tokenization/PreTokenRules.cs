namespace PsGpt.Tokenization;

/// <summary>
/// What GPT's split patterns have in common. Every length is that of a pre-token at the start of the text; 0 means that more text
/// is needed to tell.
/// </summary>
internal static class PreTokenRules
{
    /// <summary>There is no contraction.</summary>
    public const int None = -1;

    /// <summary><c>'s|'t|'re|'ve|'m|'ll|'d</c>: the length of the contraction at an index, or <see cref="None"/>.</summary>
    public static int GetContractionLength(ReadOnlySpan<char> text, int index, bool isEnd, bool ignoreCase)
    {
        if (index >= text.Length || text[index] != '\'')
            return None;
        var first = LetterAt(text, index + 1, ignoreCase);
        if (first is 's' or 't' or 'm' or 'd')
            return 2;
        var second = LetterAt(text, index + 2, ignoreCase);
        if ((first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l'))
            return 3;
        var mayGrow = index + 1 == text.Length || (index + 2 == text.Length && first is 'r' or 'v' or 'l');
        return mayGrow && !isEnd ? 0 : None;
    }

    /// <summary><c>\p{N}{1,3}</c></summary>
    public static int GetThreeNumbersLength(ReadOnlySpan<char> text, bool isEnd)
    {
        var end = 0;
        for (var count = 0; count < 3; count++)
        {
            if (end == text.Length)
                return isEnd ? end : 0;
            if ((CharacterClasses.At(text, end, out var length) & CharacterClass.Number) == 0)
                break;
            end += length;
        }

        return end;
    }

    /// <summary>
    /// <c>\s+(?!\S)|\s+</c>: spaces up to the last before a word, which may take that one along; all at the end of the text.
    /// </summary>
    public static int GetSpaceLength(ReadOnlySpan<char> text, bool isEnd)
    {
        var end = CharacterClasses.EndOfRun(text, 0, CharacterClass.Space);
        if (end == text.Length)
            return isEnd ? end : 0;
        return end == 1 ? 1 : end - 1;
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c>: as before, but the last line break ends a pre-token.</summary>
    public static int GetLinesLength(ReadOnlySpan<char> text, bool isEnd)
    {
        var end = CharacterClasses.EndOfRun(text, 0, CharacterClass.Space);
        if (end == text.Length && !isEnd)
            return 0;
        var lineEnd = text[..end].LastIndexOfAny('\r', '\n') + 1;
        return lineEnd > 0 ? lineEnd : GetSpaceLength(text, isEnd);
    }

    /// <summary>Where a run ends that ends a pre-token.</summary>
    public static int GetRunLength(ReadOnlySpan<char> text, int index, CharacterClass run, bool isEnd)
    {
        var end = CharacterClasses.EndOfRun(text, index, run);
        return end < text.Length || isEnd ? end : 0;
    }

    private static char LetterAt(ReadOnlySpan<char> text, int index, bool ignoreCase)
    {
        var letter = index < text.Length ? text[index] : '\0';
        if (!ignoreCase)
            return letter;

        // Unicode folds the long s, and no other letter beyond ASCII, to one of a contraction.
        return letter == '\u017F' ? 's' : char.ToLowerInvariant(letter);
    }
}
