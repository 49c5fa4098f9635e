using System.Text;

namespace PsGpt.Tokenization;

/// <summary>What GPT's split patterns tell apart: <c>\p{L}</c>, <c>\p{N}</c>, <c>\s</c> and the rest.</summary>
internal enum CharacterClass : byte
{
    Other,
    Letter,
    Number,
    Space,
}

/// <summary>Classifies code points; a table answers for ASCII, which most text is.</summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] Ascii = [.. Enumerable.Range(0, 128).Select(code => Classify(new Rune(code)))];

    /// <summary>The class of the code point that a text begins with, and its length in chars. A lone surrogate stands for U+FFFD.</summary>
    public static CharacterClass At(ReadOnlySpan<char> text, int index, out int length)
    {
        var first = text[index];
        length = 1;
        if (first < 128)
            return Ascii[first];
        if (Rune.DecodeFromUtf16(text[index..], out var rune, out length) != System.Buffers.OperationStatus.Done)
            length = 1;
        return Classify(rune);
    }

    private static CharacterClass Classify(Rune rune) =>
        Rune.IsLetter(rune) ? CharacterClass.Letter
        : Rune.IsNumber(rune) ? CharacterClass.Number
        : Rune.IsWhiteSpace(rune) ? CharacterClass.Space
        : CharacterClass.Other;
}
