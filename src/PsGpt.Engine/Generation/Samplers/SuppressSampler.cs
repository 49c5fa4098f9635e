namespace PsGpt.Generation;

/// <summary>
/// Rules tokens out, always or until enough was generated (transformers' <c>SuppressTokensLogitsProcessor</c> and
/// <c>MinNewTokensLengthLogitsProcessor</c>).
/// </summary>
/// <param name="tokens">The ids to rule out.</param>
/// <param name="minTokens">They are allowed again after that many generated tokens; the default is never.</param>
public sealed class SuppressSampler(IReadOnlyList<int> tokens, int minTokens = int.MaxValue) : ISampler
{
    /// <inheritdoc/>
    public void Apply(Span<float> logits, in SamplingState state)
    {
        if (state.Generated.Length >= minTokens)
            return;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i] < logits.Length)
                logits[tokens[i]] = float.NegativeInfinity;
        }
    }
}
