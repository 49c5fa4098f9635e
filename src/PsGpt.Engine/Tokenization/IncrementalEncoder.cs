namespace PsGpt.Tokenization;

/// <summary>
/// Encodes a text that comes in parts; the ids are those of the whole text. It keeps only what is not certain yet, so memory
/// does not grow with the text.
/// </summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="allowSpecial">Whether texts of special tokens become those tokens; otherwise they are plain text.</param>
public sealed class IncrementalEncoder(Tokenizer tokenizer, bool allowSpecial = false)
{
    private readonly PendingText pending = new();
    private readonly TextEncoder encoder = tokenizer.CreateEncoder(allowSpecial);

    /// <summary>The special tokens whose texts were encoded as plain text, since they were not allowed.</summary>
    public IReadOnlyCollection<string> IgnoredSpecialTokens => encoder.IgnoredSpecialTokens;

    /// <summary>Adds the next part of the text.</summary>
    /// <param name="text">Any number of chars.</param>
    /// <param name="tokens">Where the ids that are certain are appended.</param>
    /// <exception cref="GptException"><c>TextOutsideVocabulary</c>.</exception>
    public void Append(ReadOnlySpan<char> text, List<int> tokens) =>
        pending.Append(text, (part, isEnd) => encoder.Encode(part, isEnd, tokens));

    /// <summary>Ends the text: appends the ids that were not certain. The encoder is then ready for another text.</summary>
    /// <exception cref="GptException"><c>TextOutsideVocabulary</c>.</exception>
    public void Finish(List<int> tokens) => pending.Finish((part, isEnd) => encoder.Encode(part, isEnd, tokens));
}
