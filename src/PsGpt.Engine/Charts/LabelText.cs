using System.Text;

namespace PsGpt.Charts;

/// <summary>Labels of cells, such as the texts of tokens, in the columns of a terminal.</summary>
internal static class LabelText
{
    /// <summary>A token with its blanks made visible.</summary>
    public static string Of(string token) =>
        ForeignText.Escape(token.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal).Replace(' ', '·'));

    /// <summary>A label with the characters of ASCII alone.</summary>
    public static string ToAscii(string label) =>
        string.Concat(label.EnumerateRunes().Select(rune => rune.IsAscii ? $"{rune}" : rune.Value == '·' ? "_" : "?"));

    /// <summary>The columns that a label takes: 2 for the wide characters of East Asia and for emoji, none for combining marks.</summary>
    public static int WidthOf(string label) => label.EnumerateRunes().Sum(WidthOf);

    /// <summary>A label of exactly as many columns: cut with an ellipsis or padded.</summary>
    /// <param name="label">The label.</param>
    /// <param name="width">The columns.</param>
    /// <param name="isRight">Whether it stands at the right.</param>
    /// <param name="ellipsis">The mark of a cut.</param>
    public static string Fit(string label, int width, bool isRight, string ellipsis)
    {
        var total = WidthOf(label);
        if (total <= width)
            return isRight ? new string(' ', width - total) + label : label + new string(' ', width - total);
        var (cut, taken) = (new StringBuilder(), 0);
        foreach (var rune in label.EnumerateRunes().TakeWhile(rune => taken + WidthOf(rune) < width))
        {
            cut.Append(rune);
            taken += WidthOf(rune);
        }

        return cut.Append(ellipsis).Append(' ', width - taken - 1).ToString();
    }

    /// <summary>A text in lines of so many columns; a word that is longer keeps a line of its own.</summary>
    /// <param name="text">The text.</param>
    /// <param name="columns">The columns of a line.</param>
    /// <param name="mostLines">The lines at most; the last one takes the rest.</param>
    public static IReadOnlyList<string> Wrap(string text, int columns, int mostLines)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines[^1].Length > 0 && WidthOf($"{lines[^1]} {word}") > columns && lines.Count < mostLines)
                lines.Add(word);
            else
                lines[^1] = $"{lines[^1]} {word}".TrimStart();
        }

        return lines;
    }

    private static int WidthOf(Rune rune) => Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark ? 0 :
        rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF)
            or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1;
}
