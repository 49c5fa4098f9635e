namespace PsGpt.Tokenization;

/// <summary>
/// The split of <c>o200k_base</c> (GPT-4o and later; openai/tiktoken, <c>openai_public.py</c>), which also cuts in front of
/// capitals:
/// <c>[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?</c>, or
/// <c>[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?</c>, or
/// <c>\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal sealed class O200kPreTokenizer : IPreTokenizer
{
    private const CharacterClass Upper = CharacterClass.UpperLetter | CharacterClass.OtherLetter | CharacterClass.Mark;
    private const CharacterClass Lower = CharacterClass.LowerLetter | CharacterClass.OtherLetter | CharacterClass.Mark;

    /// <inheritdoc/>
    public string Name => "o200k_base";

    /// <inheritdoc/>
    public string Description => "that of GPT-4o and later: also cuts in front of capitals";

    /// <inheritdoc/>
    public int GetPreTokenLength(ReadOnlySpan<char> text, bool isEnd)
    {
        var first = CharacterClasses.At(text, 0, out var length);
        var prefix = (first & (CharacterClass.LineBreak | CharacterClass.Letter | CharacterClass.Number)) == 0 ? length : 0;
        if (prefix == text.Length && !isEnd)
            return 0;
        var end = GetMixedEnd(text, prefix, isEnd);
        if (end == PreTokenRules.None && first == CharacterClass.Mark)
            end = GetMixedEnd(text, 0, isEnd);
        if (end == PreTokenRules.None && CharacterClasses.EndOfRun(text, prefix, Upper) is var capitalsEnd && capitalsEnd > prefix)
            end = capitalsEnd;
        return end == PreTokenRules.None ? GetOtherLength(text, first, isEnd) : AddContraction(text, end, isEnd);
    }

    /// <summary>
    /// Where capitals and then at least one letter that is none end, the first alternative from behind its first part on;
    /// 0 where more text is needed to tell.
    /// </summary>
    private static int GetMixedEnd(ReadOnlySpan<char> text, int start, bool isEnd)
    {
        var capitalsEnd = CharacterClasses.EndOfRun(text, start, Upper);
        var end = CharacterClasses.EndOfRun(text, capitalsEnd, Lower);
        if (end == text.Length && !isEnd)
            return 0;

        // Without small letters behind them, capitals are given back until the last is a letter without case, or a mark.
        while (end == capitalsEnd && end > start)
        {
            var last = end - (char.IsLowSurrogate(text[end - 1]) ? 2 : 1);
            if ((CharacterClasses.At(text, last, out _) & Lower) != 0)
                return end;
            capitalsEnd = end = last;
        }

        return end > start ? end : PreTokenRules.None;
    }

    private static int AddContraction(ReadOnlySpan<char> text, int end, bool isEnd)
    {
        if (end == 0 || (end == text.Length && !isEnd))
            return 0;
        return PreTokenRules.GetContractionLength(text, end, isEnd, ignoreCase: true) switch
        {
            PreTokenRules.None => end,
            0 => 0,
            var contraction => end + contraction,
        };
    }

    private static int GetOtherLength(ReadOnlySpan<char> text, CharacterClass first, bool isEnd)
    {
        if (first == CharacterClass.Number)
            return PreTokenRules.GetThreeNumbersLength(text, isEnd);
        var start = text[0] == ' ' ? 1 : 0;
        var end = CharacterClasses.EndOfRun(text, start, CharacterClass.Symbol);
        if (end == start)
            return PreTokenRules.GetLinesLength(text, isEnd);
        var afterBreaks = text[end..].IndexOfAnyExcept('\r', '\n', '/');
        if (afterBreaks < 0)
            return isEnd ? text.Length : 0;
        return end + afterBreaks;
    }
}
