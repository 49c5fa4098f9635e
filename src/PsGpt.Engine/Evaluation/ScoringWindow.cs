namespace PsGpt.Evaluation;

/// <summary>A part of a text that a model reads at once: the first ids are context, and the surprisal of the others is wanted.</summary>
/// <param name="ids">Ids, at most one more than the context of the model: the last one is a target only.</param>
/// <param name="contextCount">The number of ids that are context, at least 1 and less than all.</param>
internal sealed class ScoringWindow(int[] ids, int contextCount)
{
    /// <summary>All ids.</summary>
    public int[] Ids { get; } = ids;

    /// <summary>The number of ids that are context.</summary>
    public int ContextCount { get; } = contextCount;

    /// <summary>The number of ids that the model reads: all but the last.</summary>
    public int InputCount => Ids.Length - 1;

    /// <summary>The ids whose surprisal is wanted.</summary>
    public ReadOnlySpan<int> Targets => Ids.AsSpan(ContextCount);

    /// <summary>The surprisal of each of <see cref="Targets"/> in nats, once <see cref="WindowScorer"/> has run.</summary>
    public float[] Surprisals { get; } = new float[ids.Length - contextCount];
}
