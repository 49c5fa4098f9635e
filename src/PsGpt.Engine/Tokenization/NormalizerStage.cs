namespace PsGpt.Tokenization;

/// <summary>Normalizes a text that comes in parts, and keeps what the next stage leaves of it.</summary>
/// <param name="normalizer">Changes the text.</param>
/// <param name="next">Encodes the normalized text.</param>
internal sealed class NormalizerStage(TextNormalizer normalizer, EncodeText next)
{
    private readonly PendingText pending = new();

    /// <inheritdoc cref="EncodeText"/>
    public int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        var taken = isEnd ? text.Length : TextNormalizer.FindLastBorder(text);
        pending.Append(normalizer.Normalize(text[..taken]), (part, isPartEnd) => next(part, isPartEnd, tokens));
        if (isEnd)
            pending.Finish((part, isPartEnd) => next(part, isPartEnd, tokens));
        return taken;
    }
}
