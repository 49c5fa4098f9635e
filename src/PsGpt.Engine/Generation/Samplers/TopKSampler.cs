namespace PsGpt.Generation;

/// <summary>
/// Keeps the k likeliest tokens (Fan et al. 2018; transformers' <c>TopKLogitsWarper</c>). Of equal ones the lower ids stay.
/// </summary>
/// <param name="k">How many tokens to keep, at least 1.</param>
public sealed class TopKSampler(int k) : ISampler
{
    private static readonly Comparer<Candidate> WorstFirst = Comparer<Candidate>.Create((left, right) => right.CompareTo(left));

    // A queue from which the worst of the best k falls out as a better one comes.
    private readonly PriorityQueue<int, Candidate> best = new(WorstFirst);

    /// <inheritdoc/>
    public void Apply(Span<float> logits, in SamplingState state)
    {
        if (k >= logits.Length)
            return;
        best.EnsureCapacity(k);
        for (var id = 0; id < logits.Length; id++)
        {
            if (best.Count < k)
                best.Enqueue(id, new Candidate(logits[id], id));
            else
                best.EnqueueDequeue(id, new Candidate(logits[id], id));
        }

        best.TryPeek(out _, out var worst);
        best.Clear();
        for (var id = 0; id < logits.Length; id++)
        {
            if (new Candidate(logits[id], id).CompareTo(worst) > 0)
                logits[id] = float.NegativeInfinity;
        }
    }
}
