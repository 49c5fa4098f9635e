namespace PsGpt.Generation;

/// <summary>
/// Subtracts count · frequency + presence from the logit of each token that was generated (OpenAI's API reference; vLLM's
/// <c>apply_penalties</c>). The prompt does not count.
/// </summary>
/// <param name="frequency">What each occurrence costs; below 0 rewards it.</param>
/// <param name="presence">What having occurred at all costs; below 0 rewards it.</param>
public sealed class FrequencyPenaltySampler(float frequency, float presence) : ISampler
{
    private int[] counts = [];

    /// <inheritdoc/>
    public void Apply(Span<float> logits, in SamplingState state)
    {
        if (counts.Length < logits.Length)
            counts = new int[logits.Length];
        foreach (var token in state.Generated)
            counts[token]++;
        foreach (var token in state.Generated)
        {
            if (counts[token] > 0)
                logits[token] -= (counts[token] * frequency) + presence;
            counts[token] = 0;
        }
    }
}
