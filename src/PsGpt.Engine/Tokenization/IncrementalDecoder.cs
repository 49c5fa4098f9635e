using System.Text;

namespace PsGpt.Tokenization;

/// <summary>
/// Decodes tokens that come in parts into text, never giving half a character; bytes that are not UTF-8 become U+FFFD. The
/// parts together are the text of all tokens.
/// </summary>
/// <param name="tokenizer">The tokenizer that made the tokens.</param>
public sealed class IncrementalDecoder(Tokenizer tokenizer)
{
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    /// <summary>Whether the tokens so far end within a character.</summary>
    public bool IsOpen => decoder.GetCharCount([], flush: true) > 0;

    /// <summary>Takes a token and gives the characters that it completes.</summary>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>; the token is left out.</exception>
    public string Append(int token) => Read(tokenizer.GetSpan(token), isEnd: false);

    /// <summary>Takes tokens and gives the characters that they complete.</summary>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>; the tokens are left out.</exception>
    public string Append(ReadOnlySpan<int> tokens) => Read(tokenizer.DecodeBytes(tokens), isEnd: false);

    /// <summary>Ends the text: gives what stays incomplete, as U+FFFD. The decoder is then ready for another text.</summary>
    public string Finish() => Read([], isEnd: true);

    private string Read(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        var characters = new char[decoder.GetCharCount(bytes, isEnd)];
        return new string(characters, 0, decoder.GetChars(bytes, characters, isEnd));
    }
}
