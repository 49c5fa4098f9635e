namespace PsGpt.Generation;

/// <summary>The tokens that are not ruled out, with their probabilities, in a buffer that is used again.</summary>
internal sealed class CandidateList
{
    private Candidate[] buffer = [];

    /// <summary>The tokens above −∞ with their probabilities (softmax), in the order of their ids.</summary>
    public Span<Candidate> Rank(ReadOnlySpan<float> logits)
    {
        if (buffer.Length < logits.Length)
            buffer = new Candidate[logits.Length];
        double maximum = Softmax.Maximum(logits);
        var (count, sum) = (0, 0.0);
        for (var id = 0; id < logits.Length; id++)
        {
            if (float.IsNegativeInfinity(logits[id]))
                continue;
            var weight = Math.Exp(logits[id] - maximum);
            sum += weight;
            buffer[count++] = new Candidate(logits[id], id, weight);
        }

        var candidates = buffer.AsSpan(0, count);
        foreach (ref var candidate in candidates)
            candidate = candidate with { Weight = candidate.Weight / sum };
        return candidates;
    }

    /// <summary>Sorts the candidates and rules out all tokens behind the first ones whose probabilities reach a mass.</summary>
    /// <param name="logits">The logits; those of tokens that are not kept become −∞.</param>
    /// <param name="candidates">From <see cref="Rank"/>, perhaps with other scores.</param>
    /// <param name="mass">Above 0, at most 1.</param>
    public static void KeepUntil(Span<float> logits, Span<Candidate> candidates, double mass)
    {
        candidates.Sort();
        var (kept, reached) = (0, 0.0);
        while (kept < candidates.Length && reached < mass)
            reached += candidates[kept++].Weight;

        // The order may be by another score than the logit.
        for (var i = 0; i < kept; i++)
            candidates[i] = candidates[i] with { Score = logits[candidates[i].Id] };
        logits.Fill(float.NegativeInfinity);
        foreach (var candidate in candidates[..kept])
            logits[candidate.Id] = (float)candidate.Score;
    }
}
