using PsGpt.Model;

namespace PsGpt.Generation;

/// <summary>
/// Continues several texts at the same time, each in a stream of the decoder, a token of each at a time. Texts with the same prompt
/// read it once. Each text is what it would be alone.
/// </summary>
/// <param name="decoder">Has a stream for each text.</param>
/// <param name="texts">The texts.</param>
/// <param name="vocabularySize">The tokens that the tokenizer knows: a model may have room for more.</param>
internal sealed class DecodingBatch(GptDecoder decoder, IReadOnlyList<Continuation> texts, int vocabularySize)
{
    private readonly int contextLength = decoder.Model.Configuration.ContextLength;
    private readonly int[] streams = new int[texts.Count];
    private readonly int[] tokens = new int[texts.Count];
    private bool isStarted;

    /// <summary>Reads what is unread of each text that has not ended, and chooses its next token.</summary>
    /// <returns>Whether any text has not ended.</returns>
    /// <exception cref="OperationCanceledException">The call was stopped, within one layer's work.</exception>
    public bool Advance(CancellationToken cancellationToken)
    {
        if (isStarted)
            ReadNext(cancellationToken);
        else
            ReadPrompts(cancellationToken);
        isStarted = true;
        var isOpen = false;
        for (var i = 0; i < texts.Count; i++)
        {
            if (!texts[i].IsFinished)
                texts[i].Choose(decoder.LogitsOf(i)[..vocabularySize], cancellationToken);
            isOpen |= !texts[i].IsFinished;
        }

        return isOpen;
    }

    private void ReadPrompts(CancellationToken cancellationToken)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            decoder.Reset(i);
            var same = 0;
            while (!texts[same].Tokens.SequenceEqual(texts[i].Tokens))
                same++;
            if (same < i)
                decoder.Copy(same, i);
            else
                decoder.Append(i, texts[i].Tokens, cancellationToken);
        }
    }

    private void ReadNext(CancellationToken cancellationToken)
    {
        var count = 0;
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i].IsFinished)
                continue;
            if (decoder.PositionOf(i) == contextLength)
                Slide(i, cancellationToken);
            else
                (streams[count], tokens[count++]) = (i, texts[i].Tokens[^1]);
        }

        decoder.Step(streams.AsSpan(0, count), tokens.AsSpan(0, count), cancellationToken);
    }

    /// <summary>Continues a text that has filled the context from the last half of it.</summary>
    private void Slide(int stream, CancellationToken cancellationToken)
    {
        decoder.Reset(stream);
        decoder.Append(stream, texts[stream].Tokens[^Math.Max(1, contextLength / 2)..], cancellationToken);
    }
}
