using System.Text;

namespace PsGpt.Formats.Tokenizers;

/// <summary>
/// The characters that GPT-2's files write bytes as (openai/gpt-2, <c>bytes_to_unicode</c>): printable ones stand for themselves,
/// the others for U+0100 and on.
/// </summary>
internal static class ByteCharacters
{
    private static readonly char[] Characters = MakeCharacters();

    /// <summary>The bytes of a token as a file writes them.</summary>
    public static string ToText(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
            text.Append(Characters[value]);
        return text.ToString();
    }

    /// <summary>The bytes that a token's text stands for, or null where it is not written that way.</summary>
    public static byte[]? ToBytes(string text)
    {
        var bytes = new byte[text.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = Characters.IndexOf(text[i]);
            if (value < 0)
                return null;
            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        var next = (char)256;
        for (var value = 0; value < 256; value++)
            characters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : next++;
        return characters;
    }
}
