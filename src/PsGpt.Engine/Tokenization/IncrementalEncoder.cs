namespace PsGpt.Tokenization;

/// <summary>
/// Encodes a text that comes in parts; the ids are those of the whole text. It keeps only what is not certain yet, so memory
/// does not grow with the text.
/// </summary>
public sealed class IncrementalEncoder
{
    private readonly StretchEncoder? alone;
    private readonly ParallelEncoder? together;

    /// <summary>Prepares a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="allowSpecial">Whether texts of special tokens become those tokens; otherwise they are plain text.</param>
    /// <param name="onAllThreads">
    /// Whether to wait for a few hundred thousand characters and to encode stretches of them on all threads of the engine. The ids, and the
    /// errors, are the same but come later. Texts that are normalized, and the splits of plug-ins, stay on the thread of the caller.
    /// </param>
    public IncrementalEncoder(Tokenizer tokenizer, bool allowSpecial = false, bool onAllThreads = false)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (onAllThreads && tokenizer.IsShareable)
            together = new ParallelEncoder(tokenizer, allowSpecial);
        else
            alone = new StretchEncoder(tokenizer, allowSpecial);
    }

    /// <summary>The special tokens whose texts were encoded as plain text, since they were not allowed.</summary>
    public IReadOnlyCollection<string> IgnoredSpecialTokens => together?.IgnoredSpecialTokens ?? alone!.IgnoredSpecialTokens;

    /// <summary>Adds the next part of the text.</summary>
    /// <param name="text">Any number of chars.</param>
    /// <param name="tokens">Where the ids that are certain are appended.</param>
    /// <exception cref="GptException"><c>TextOutsideVocabulary</c>.</exception>
    public void Append(ReadOnlySpan<char> text, List<int> tokens)
    {
        if (together is not null)
            together.Append(text, tokens);
        else
            alone!.Append(text, tokens);
    }

    /// <summary>Ends the text: appends the ids that were not certain. The encoder is then ready for another text.</summary>
    /// <exception cref="GptException"><c>TextOutsideVocabulary</c>.</exception>
    public void Finish(List<int> tokens)
    {
        if (together is not null)
            together.Finish(tokens);
        else
            alone!.Finish(tokens);
    }
}
