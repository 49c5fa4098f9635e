using System.Globalization;
using System.Text;

namespace PsGpt.Tokenization;

/// <summary>
/// Changes a text before it is split: the normalization forms of Unicode and lower case, one after the other (Hugging Face's
/// <c>normalizers</c> of the same names).
/// </summary>
internal sealed class TextNormalizer
{
    private static readonly Dictionary<string, Func<string, string>> Known = new(StringComparer.Ordinal)
    {
        ["NFC"] = text => Normalize(text, NormalizationForm.FormC),
        ["NFD"] = text => Normalize(text, NormalizationForm.FormD),
        ["NFKC"] = text => Normalize(text, NormalizationForm.FormKC),
        ["NFKD"] = text => Normalize(text, NormalizationForm.FormKD),
        ["Lowercase"] = ToLower,
    };

    /// <param name="steps">Names of <see cref="Names"/>, in the order in which they work; at least one.</param>
    public TextNormalizer(IReadOnlyList<string> steps) => Steps = steps;

    /// <summary>The names of all steps that are known.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>
    /// Whether the system has the tables of Unicode. Without them (invariant globalization) .NET returns texts unchanged, which would
    /// give other ids.
    /// </summary>
    public static bool IsAvailable => "e\u0301".Normalize(NormalizationForm.FormC) == "\u00E9";

    /// <summary>The names of the steps.</summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>Normalizes a text; half a surrogate pair becomes U+FFFD.</summary>
    public string Normalize(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text) && !Steps.Contains("Lowercase"))
            return text.ToString();
        var whole = new StringBuilder(text.Length);
        foreach (var character in text.EnumerateRunes())
            whole.Append(character);
        return Steps.Aggregate(whole.ToString(), (current, step) => Known[step](current));
    }

    /// <summary>
    /// The last place at which a text can be cut so that both parts are normalized as the whole is; 0 where there is none but its start.
    /// </summary>
    public static int FindLastBorder(ReadOnlySpan<char> text)
    {
        var place = text.Length - 1;
        while (place > 0 && !IsAlone(text[place]))
            place--;
        return Math.Max(0, place);
    }

    /// <summary>Whether a character may belong to the one before it.</summary>
    public static bool IsContinuation(Rune character) => character.Value is (>= 0x1160 and <= 0x11FF) or 0xFF9E or 0xFF9F
        || Rune.GetUnicodeCategory(character)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>ASCII and the ideographs never join the character before them.</summary>
    private static bool IsAlone(char character) => character is < '\u0080' or (>= '\u4E00' and <= '\u9FFF');

    /// <summary>Normalizes the text between the characters that are left alone.</summary>
    private static string Normalize(string text, NormalizationForm form)
    {
        var normalized = new StringBuilder(text.Length);
        var start = 0;
        for (var end = 0; end < text.Length;)
        {
            var character = Rune.GetRuneAt(text, end);
            if (UnicodeVersions.IsNormalized(character))
            {
                end += character.Utf16SequenceLength;
                continue;
            }

            normalized.Append(text[start..end].Normalize(form)).Append(character);
            start = end += character.Utf16SequenceLength;
        }

        return normalized.Append(text[start..].Normalize(form)).ToString();
    }

    private static string ToLower(string text)
    {
        var lower = new StringBuilder(text.Length);
        foreach (var character in text.EnumerateRunes())
            lower.Append(UnicodeVersions.ToLower(character));
        return lower.ToString();
    }
}
