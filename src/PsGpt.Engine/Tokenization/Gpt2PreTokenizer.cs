namespace PsGpt.Tokenization;

/// <summary>
/// GPT-2's split by hand, since a regular expression would cost more than all the rest (openai/gpt-2, <c>encoder.py</c>):
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
/// </summary>
public sealed class Gpt2PreTokenizer : IPreTokenizer
{
    /// <inheritdoc/>
    public string Name => "gpt2";

    /// <inheritdoc/>
    public string Description => "GPT-2's: words with the blank before them, numbers, symbols";

    /// <inheritdoc/>
    public int GetPreTokenLength(ReadOnlySpan<char> text, bool isEnd)
    {
        if (text[0] == '\''
            && PreTokenRules.GetContractionLength(text, 0, isEnd, ignoreCase: false) is not PreTokenRules.None and var contraction)
        {
            return contraction;
        }

        // One blank may stand before a run of letters, numbers or symbols.
        var start = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        var kind = CharacterClasses.At(text, start, out _);
        if ((kind & CharacterClass.Space) != 0)
            return PreTokenRules.GetSpaceLength(text, isEnd);
        var run = (kind & CharacterClass.Letter) != 0 ? CharacterClass.Letter
            : kind == CharacterClass.Number ? CharacterClass.Number
            : CharacterClass.Symbol;
        return PreTokenRules.GetRunLength(text, start, run, isEnd);
    }
}
