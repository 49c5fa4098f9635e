using System.Text;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// The characters that GPT-2's files write bytes as (openai/gpt-2, <c>bytes_to_unicode</c>): printable ones stand for themselves,
/// the others for U+0100 and on.
/// </summary>
internal static class ByteCharacters
{
    private static readonly char[] Characters = MakeCharacters();
    private static readonly Dictionary<char, byte> Bytes =
        Enumerable.Range(0, 256).ToDictionary(value => Characters[value], value => (byte)value);

    /// <summary>The bytes of a token as a file writes them.</summary>
    public static string ToText(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
            text.Append(Characters[value]);
        return text.ToString();
    }

    /// <summary>The bytes that a token's text stands for, or null where it is not written that way.</summary>
    public static byte[]? ToBytes(string text) =>
        text.All(Bytes.ContainsKey) ? [.. text.Select(character => Bytes[character])] : null;

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        var next = (char)256;
        for (var value = 0; value < 256; value++)
            characters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : next++;
        return characters;
    }
}
