namespace PsGpt.Generation;

/// <summary>
/// Keeps the tokens whose surprise −ln p lies nearest to the entropy of the distribution, until their probabilities reach the mass
/// (Meister et al. 2022; transformers' <c>TypicalLogitsWarper</c>). Of equally near ones the lower ids stay.
/// </summary>
/// <param name="mass">Above 0, at most 1.</param>
public sealed class TypicalPSampler(float mass) : ISampler
{
    private readonly CandidateList candidates = new();

    /// <inheritdoc/>
    public void Apply(Span<float> logits, in SamplingState state)
    {
        var weights = candidates.Rank(logits);
        if (mass >= 1)
            return;
        var entropy = 0.0;
        foreach (var candidate in weights)
            entropy -= candidate.Weight > 0 ? candidate.Weight * Math.Log(candidate.Weight) : 0;
        foreach (ref var candidate in weights)
            candidate = candidate with { Score = -Math.Abs(-Math.Log(candidate.Weight) - entropy) };
        CandidateList.KeepUntil(logits, weights, mass);
    }
}
