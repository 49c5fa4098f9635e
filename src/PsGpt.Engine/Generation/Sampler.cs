namespace PsGpt.Generation;

/// <summary>
/// Chooses the next token from a model's logits: temperature, then top-k, then top-p on what is left, as nanoGPT and
/// transformers do. Owns its random stream; the same seed and logits give the same tokens. After the first call it allocates
/// nothing. Not safe to use from several threads.
/// </summary>
public sealed class Sampler
{
    private static readonly Comparer<Candidate> WorstFirst = Comparer<Candidate>.Create((left, right) => right.CompareTo(left));

    private readonly SamplingOptions options;
    private readonly RandomStream random;
    private readonly PriorityQueue<int, Candidate> best = new(WorstFirst);
    private Candidate[] candidates = [];

    /// <summary>Makes a sampler.</summary>
    /// <param name="options">How to choose.</param>
    /// <exception cref="GptException"><c>SamplingInvalid</c>.</exception>
    public Sampler(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (this.options, random) = (options, new RandomStream(options.Seed));
    }

    /// <summary>Chooses a token.</summary>
    /// <param name="logits">A number for each token; −∞ rules one out. Of equal ones the lower id is the likelier.</param>
    /// <returns>An index into <paramref name="logits"/>.</returns>
    /// <exception cref="GptException"><c>LogitsNotFinite</c>: a logit is NaN or +∞, or all are −∞.</exception>
    public int Sample(ReadOnlySpan<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfZero(logits.Length);
        var likeliest = FindLikeliest(logits);
        if (options.Temperature == 0 || options.TopK == 1)
            return likeliest;

        if (candidates.Length < logits.Length)
            candidates = new Candidate[logits.Length];
        var chosen = options.TopK < logits.Length ? TakeTop(logits, options.TopK.Value) : TakeAll(logits);
        Weigh(chosen, logits[likeliest]);
        if (options.TopP < 1)
            chosen = TakeNucleus(chosen, options.TopP.Value);
        return Draw(chosen, likeliest);
    }

    private static int FindLikeliest(ReadOnlySpan<float> logits)
    {
        var likeliest = 0;
        for (var id = 0; id < logits.Length; id++)
        {
            if (float.IsNaN(logits[id]) || float.IsPositiveInfinity(logits[id]))
                throw NotFinite($"the logit of token {id} is {(float.IsNaN(logits[id]) ? "NaN" : "infinite")}");
            if (logits[id] > logits[likeliest])
                likeliest = id;
        }

        return float.IsNegativeInfinity(logits[likeliest]) ? throw NotFinite("every token is ruled out") : likeliest;
    }

    private Span<Candidate> TakeAll(ReadOnlySpan<float> logits)
    {
        for (var id = 0; id < logits.Length; id++)
            candidates[id] = new Candidate(logits[id], id);
        return candidates.AsSpan(0, logits.Length);
    }

    /// <summary>The k best, kept in a queue from which the worst of them falls out as a better one comes.</summary>
    private Span<Candidate> TakeTop(ReadOnlySpan<float> logits, int k)
    {
        best.EnsureCapacity(k);
        for (var id = 0; id < logits.Length; id++)
        {
            if (best.Count < k)
                best.Enqueue(id, new Candidate(logits[id], id));
            else
                best.EnqueueDequeue(id, new Candidate(logits[id], id));
        }

        for (var i = k - 1; best.TryDequeue(out _, out var worst); i--)
            candidates[i] = worst;
        return candidates.AsSpan(0, k);
    }

    private void Weigh(Span<Candidate> chosen, double maximum)
    {
        foreach (ref var candidate in chosen)
            candidate = candidate with { Weight = Math.Exp((candidate.Logit - maximum) / options.Temperature) };
    }

    /// <summary>The smallest set of the likeliest whose probabilities reach p.</summary>
    private static Span<Candidate> TakeNucleus(Span<Candidate> chosen, double p)
    {
        var total = Sum(chosen);

        // A token of less than (1 − p) / n cannot belong to it: it and all less likely ones together have less than 1 − p, so
        // those before it reach p already. This spares sorting nearly all of a vocabulary (llama2.c's run.c).
        var least = (1 - p) * total / chosen.Length;
        var kept = 0;
        foreach (var candidate in chosen)
        {
            if (candidate.Weight >= least)
                chosen[kept++] = candidate;
        }

        chosen = chosen[..kept];
        chosen.Sort();
        var reached = 0.0;
        for (var i = 0; i < chosen.Length; i++)
        {
            reached += chosen[i].Weight;
            if (reached >= p * total)
                return chosen[..(i + 1)];
        }

        return chosen;
    }

    private int Draw(ReadOnlySpan<Candidate> chosen, int likeliest)
    {
        var rest = random.NextDouble() * Sum(chosen);
        foreach (var candidate in chosen)
        {
            rest -= candidate.Weight;
            if (rest < 0)
                return candidate.Id;
        }

        // Only rounding leads here.
        return likeliest;
    }

    private static double Sum(ReadOnlySpan<Candidate> chosen)
    {
        var sum = 0.0;
        foreach (var candidate in chosen)
            sum += candidate.Weight;
        return sum;
    }

    private static GptException NotFinite(string problem) => new("LogitsNotFinite", GptErrorKind.InvalidData,
        $"The model's answer is no probability: {problem}. Its weights may be broken, or its training diverged; load it again or take an older checkpoint.");
}
