using System.Globalization;
using System.Text;

namespace PsGpt;

/// <summary>Makes text from files and networks safe to show: a terminal obeys control characters.</summary>
internal static class ForeignText
{
    /// <summary>Replaces control characters and marks of writing direction by escapes such as <c>\u001B</c>.</summary>
    public static string Escape(string text)
    {
        if (!text.Any(IsUnsafe))
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (IsUnsafe(character))
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            else
                escaped.Append(character);
        }

        return escaped.ToString();
    }

    /// <summary>The start of a text, with an ellipsis if it is longer.</summary>
    public static string Shorten(string text, int length) => text.Length <= length ? text : $"{text[..length]}…";

    // C0, DEL and C1; separators of lines and paragraphs; the marks that turn the direction of writing.
    private static bool IsUnsafe(char character) =>
        char.IsControl(character) || character is (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F';
}
