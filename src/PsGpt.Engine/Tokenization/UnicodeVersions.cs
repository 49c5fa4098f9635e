using System.Text;

namespace PsGpt.Tokenization;

/// <summary>
/// Differences between the tables of Unicode in .NET and in Hugging Face's tokenizers 0.23 (Rust): those have normalization as of Unicode
/// 12.0, and lower case as of 17.0.
/// </summary>
internal static class UnicodeVersions
{
    // .NET refuses the mark in the wrong byte order. The others have had a decomposition since later versions.
    private static readonly (int First, int Last)[] NotNormalized =
    [
        (0x32FF, 0x32FF), (0xA7F2, 0xA7F4), (0xAB69, 0xAB69), (0xFFFE, 0xFFFE), (0x10781, 0x107BA), (0x11938, 0x11938),
        (0x1E030, 0x1E06D), (0x1F16C, 0x1F16C), (0x1FBF0, 0x1FBF9),
    ];

    /// <summary>Whether a character is normalized, and not left alone.</summary>
    public static bool IsNormalized(Rune character)
    {
        if (character.Value < NotNormalized[0].First)
            return true;
        foreach (var (first, last) in NotNormalized)
        {
            if (character.Value >= first && character.Value <= last)
                return false;
        }

        return true;
    }

    /// <summary>The lower case of a character: one other character, but for the capital I with a dot.</summary>
    public static string ToLower(Rune character) => character.Value switch
    {
        0x130 => "i\u0307",
        0x1C89 => "\u1C8A",
        0xA7CB => "\u0264",
        0xA7CC or 0xA7CE or 0xA7D2 or 0xA7D4 or 0xA7DA => new Rune(character.Value + 1).ToString(),
        0xA7DC => "\u019B",
        >= 0x10D50 and <= 0x10D65 => new Rune(character.Value + 0x20).ToString(),
        >= 0x16EA0 and <= 0x16EB8 => new Rune(character.Value + 0x1B).ToString(),
        _ => Rune.ToLowerInvariant(character).ToString(),
    };
}
