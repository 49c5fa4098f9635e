namespace PsGpt.Generation;

/// <summary>
/// Adds a bias to the logit of each token that would complete one of the sequences (transformers'
/// <c>SequenceBiasLogitsProcessor</c>; with −∞ <c>NoBadWordsLogitsProcessor</c>). The prompt counts as part of a sequence.
/// </summary>
/// <param name="biases">The sequences.</param>
public sealed class SequenceBiasSampler(IReadOnlyList<SequenceBias> biases) : ISampler
{
    /// <summary>Rules sequences of tokens out.</summary>
    public static SequenceBiasSampler Ban(IEnumerable<IReadOnlyList<int>> sequences) =>
        new([.. sequences.Select(sequence => new SequenceBias(sequence, float.NegativeInfinity))]);

    /// <inheritdoc/>
    public void Apply(Span<float> logits, in SamplingState state)
    {
        for (var i = 0; i < biases.Count; i++)
        {
            var (tokens, bias) = (biases[i].Tokens, biases[i].Bias);
            if (tokens[^1] < logits.Length && Precede(tokens, state.Tokens))
                logits[tokens[^1]] += bias;
        }
    }

    /// <summary>Whether the text ends with all tokens of the sequence but its last.</summary>
    private static bool Precede(IReadOnlyList<int> sequence, ReadOnlySpan<int> text)
    {
        var count = sequence.Count - 1;
        if (count > text.Length)
            return false;
        for (var i = 0; i < count; i++)
        {
            if (text[text.Length - count + i] != sequence[i])
                return false;
        }

        return true;
    }
}
