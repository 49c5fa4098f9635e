namespace PsGpt.Tokenization;

/// <summary>
/// GPT-2's split by hand, since a regular expression would cost more than all the rest (openai/gpt-2, <c>encoder.py</c>):
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
/// </summary>
public sealed class Gpt2Splitter : ITextSplitter
{
    /// <inheritdoc/>
    public string Name => "gpt2";

    /// <inheritdoc/>
    public int GetPieceLength(ReadOnlySpan<char> text)
    {
        if (text[0] == '\'' && ContractionLength(text) is > 0 and var contraction)
            return contraction;

        // One space may stand before a run of letters, numbers or others.
        var start = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        var kind = CharacterClasses.At(text, start, out var length);
        return kind == CharacterClass.Space ? SpaceLength(text) : RunEnd(text, start + length, kind);
    }

    private static int ContractionLength(ReadOnlySpan<char> text)
    {
        if (text.Length > 1 && text[1] is 's' or 't' or 'm' or 'd')
            return 2;
        return text.Length > 2 && (text[1], text[2]) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    /// <summary>Spaces up to the last before a word, which takes that one along if it is a blank; all of them at the end of the text.</summary>
    private static int SpaceLength(ReadOnlySpan<char> text)
    {
        var end = RunEnd(text, 0, CharacterClass.Space);
        return end == text.Length || end == 1 ? end : end - 1;
    }

    private static int RunEnd(ReadOnlySpan<char> text, int index, CharacterClass kind)
    {
        while (index < text.Length && CharacterClasses.At(text, index, out var length) == kind)
            index += length;
        return index;
    }
}
