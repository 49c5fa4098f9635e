using System.Globalization;
using System.Text;

namespace PsGpt.Tokenization;

/// <summary>Classifies code points, by a table of 64 KiB for all but the supplementary planes.</summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] Table = MakeTable();

    /// <summary>The class of the code point at an index. A lone surrogate stands for U+FFFD.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Where a code point begins.</param>
    /// <param name="length">Its length, 1 or 2 chars.</param>
    public static CharacterClass At(ReadOnlySpan<char> text, int index, out int length)
    {
        length = 1;
        var kind = Table[text[index]];
        return kind != CharacterClass.Surrogate ? kind : OfSurrogate(text[index..], out length);
    }

    /// <summary>Where a run of code points ends whose class is one of <paramref name="run"/>.</summary>
    public static int EndOfRun(ReadOnlySpan<char> text, int index, CharacterClass run)
    {
        var table = Table;
        while ((uint)index < (uint)text.Length)
        {
            var kind = table[text[index]];
            var length = 1;
            if (kind == CharacterClass.Surrogate)
                kind = OfSurrogate(text[index..], out length);
            if ((kind & run) == 0)
                break;
            index += length;
        }

        return index;
    }

    private static CharacterClass OfSurrogate(ReadOnlySpan<char> text, out int length)
    {
        // What is decoded of a lone surrogate is U+FFFD, of class Other.
        Rune.DecodeFromUtf16(text, out var rune, out length);
        return Of(Rune.GetUnicodeCategory(rune));
    }

    private static CharacterClass[] MakeTable()
    {
        var table = new CharacterClass[char.MaxValue + 1];
        for (var code = 0; code < table.Length; code++)
        {
            var character = (char)code;
            table[code] = char.IsSurrogate(character) ? CharacterClass.Surrogate
                : character is '\r' or '\n' ? CharacterClass.Space | CharacterClass.LineBreak
                : char.IsWhiteSpace(character) ? CharacterClass.Space
                : Of(char.GetUnicodeCategory(character));
        }

        return table;
    }

    private static CharacterClass Of(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterClass.UpperLetter,
        UnicodeCategory.LowercaseLetter => CharacterClass.LowerLetter,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterClass.OtherLetter,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharacterClass.Mark,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
        _ => CharacterClass.Other,
    };
}
