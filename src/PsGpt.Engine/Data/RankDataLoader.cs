namespace PsGpt.Data;

/// <summary>
/// One rank's share of a text: every N-th batch of a source. The N ranks together take all batches of the source, each of them once, as
/// one process that takes N batches a step does.
/// </summary>
/// <param name="inner">The source, in the same state on every rank.</param>
/// <param name="rank">The number of this rank, 0 to <paramref name="rankCount"/> − 1.</param>
/// <param name="rankCount">N.</param>
internal sealed class RankDataLoader(IDataLoader inner, int rank, int rankCount) : IDataLoader
{
    /// <inheritdoc/>
    public double Epoch => inner.Epoch;

    /// <inheritdoc/>
    public long TokensPerEpoch => inner.TokensPerEpoch;

    /// <summary>The place of the next batch of rank 0, the same on every rank.</summary>
    public BatchPosition Position => inner.Position;

    /// <inheritdoc/>
    public void MoveTo(BatchPosition position, CancellationToken cancellationToken = default) => inner.MoveTo(position, cancellationToken);

    /// <inheritdoc/>
    public TokenBatch Next()
    {
        inner.Skip(rank);
        var batch = inner.Next();
        inner.Skip(rankCount - 1 - rank);
        return batch;
    }
}
