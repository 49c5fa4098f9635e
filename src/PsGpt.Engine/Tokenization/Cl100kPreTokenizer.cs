namespace PsGpt.Tokenization;

/// <summary>
/// The split of <c>cl100k_base</c> (GPT-3.5 and GPT-4; openai/tiktoken, <c>openai_public.py</c>):
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal sealed class Cl100kPreTokenizer : IPreTokenizer
{
    /// <inheritdoc/>
    public string Name => "cl100k_base";

    /// <inheritdoc/>
    public string Description => "that of GPT-3.5 and GPT-4: numbers of three digits, lines apart";

    /// <inheritdoc/>
    public int GetPreTokenLength(ReadOnlySpan<char> text, bool isEnd)
    {
        if (PreTokenRules.GetContractionLength(text, 0, isEnd, ignoreCase: true) is not PreTokenRules.None and var contraction)
            return contraction;
        var first = CharacterClasses.At(text, 0, out var length);
        if ((first & CharacterClass.Letter) != 0)
            return PreTokenRules.GetRunLength(text, 0, CharacterClass.Letter, isEnd);
        if (first == CharacterClass.Number)
            return PreTokenRules.GetThreeNumbersLength(text, isEnd);
        if (length == text.Length && !isEnd)
            return 0;

        // Anything but a line break may stand before letters; a blank also before symbols.
        var second = length < text.Length ? CharacterClasses.At(text, length, out _) : CharacterClass.Space;
        if ((first & CharacterClass.LineBreak) == 0 && (second & CharacterClass.Letter) != 0)
            return PreTokenRules.GetRunLength(text, length, CharacterClass.Letter, isEnd);
        if ((first & CharacterClass.Symbol) != 0 || (text[0] == ' ' && (second & CharacterClass.Symbol) != 0))
        {
            var end = CharacterClasses.EndOfRun(text, length, CharacterClass.Symbol);
            return PreTokenRules.GetRunLength(text, end, CharacterClass.LineBreak, isEnd);
        }

        return PreTokenRules.GetLinesLength(text, isEnd);
    }
}
