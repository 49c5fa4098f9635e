namespace PsGpt.Generation;

/// <summary>
/// Rules out each token that would repeat a sequence of n tokens of the prompt or the text so far (Paulus et al. 2017;
/// transformers' <c>NoRepeatNGramLogitsProcessor</c>).
/// </summary>
/// <param name="size">The length n of the sequences, at least 1.</param>
public sealed class NoRepeatNgramSampler(int size) : ISampler
{
    /// <inheritdoc/>
    public void Apply(Span<float> logits, in SamplingState state)
    {
        var text = state.Tokens;
        var prefixLength = size - 1;
        if (text.Length < size)
            return;
        var prefix = text[^prefixLength..];
        for (var i = 0; i + prefixLength < text.Length; i++)
        {
            var last = text[i + prefixLength];
            if (last < logits.Length && text.Slice(i, prefixLength).SequenceEqual(prefix))
                logits[last] = float.NegativeInfinity;
        }
    }
}
