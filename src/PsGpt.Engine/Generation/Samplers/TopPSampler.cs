namespace PsGpt.Generation;

/// <summary>
/// Keeps the smallest set of the likeliest tokens whose probabilities reach p: nucleus sampling (Holtzman et al. 2019; transformers'
/// <c>TopPLogitsWarper</c>). Of equal ones the lower ids stay.
/// </summary>
/// <param name="p">Above 0, at most 1.</param>
public sealed class TopPSampler(float p) : ISampler
{
    private readonly CandidateList candidates = new();

    /// <inheritdoc/>
    public void Apply(Span<float> logits, in SamplingState state)
    {
        var weights = candidates.Rank(logits);
        if (p >= 1 || weights.Length == 0)
            return;

        // A token of less than (1 − p) / n cannot be in the set: it and all less likely ones together have less than 1 − p, so those
        // before it reach p already. This spares sorting nearly all of a vocabulary (llama2.c's run.c).
        var minimum = (1 - (double)p) / weights.Length;
        var kept = 0;
        foreach (var candidate in weights)
        {
            if (candidate.Weight >= minimum)
                weights[kept++] = candidate;
        }

        CandidateList.KeepUntil(logits, weights[..kept], p);
    }
}
