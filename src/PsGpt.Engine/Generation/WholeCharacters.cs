using System.Text;

namespace PsGpt.Generation;

/// <summary>Turns bytes that come in pieces into text, never giving half a character; bytes that are not UTF-8 become U+FFFD.</summary>
internal sealed class WholeCharacters
{
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    /// <summary>Whether the bytes so far end within a character.</summary>
    public bool IsOpen => decoder.GetCharCount([], flush: true) > 0;

    /// <summary>Takes bytes and gives the characters that they complete; at the end, also those that stay incomplete.</summary>
    public string Read(ReadOnlySpan<byte> bytes, bool isEnd = false)
    {
        var characters = new char[decoder.GetCharCount(bytes, isEnd)];
        return new string(characters, 0, decoder.GetChars(bytes, characters, isEnd));
    }
}
