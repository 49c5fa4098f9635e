namespace PsGpt.Tokenization;

/// <summary>
/// Encodes a text that comes in parts; the ids are those of the whole text. It keeps only what is not certain yet, so memory
/// does not grow with the text.
/// </summary>
/// <param name="tokenizer">The tokenizer.</param>
public sealed class IncrementalEncoder(Tokenizer tokenizer)
{
    private readonly PendingText pending = new();

    /// <summary>Adds the next part of the text.</summary>
    /// <param name="text">Any number of chars.</param>
    /// <param name="tokens">Where the ids that are certain are appended.</param>
    public void Append(ReadOnlySpan<char> text, List<int> tokens) =>
        pending.Append(text, (part, isEnd) => tokenizer.Encode(part, isEnd, tokens));

    /// <summary>Ends the text: appends the ids that were not certain. The encoder is then ready for another text.</summary>
    public void Finish(List<int> tokens) =>
        pending.Finish((part, isEnd) => tokenizer.Encode(part, isEnd, tokens));
}
