namespace PsGpt.Data;

/// <summary>The same batch again and again: a model that cannot learn one batch by heart has an error somewhere.</summary>
/// <param name="inner">Makes the batch.</param>
internal sealed class RepeatedBatchLoader(IDataLoader inner) : IDataLoader
{
    private readonly TokenBatch batch = inner.Next();
    private long given;

    /// <inheritdoc/>
    public double Epoch => (double)given / TokensPerEpoch;

    /// <inheritdoc/>
    public long TokensPerEpoch => batch.TokenCount;

    /// <inheritdoc/>
    public BatchPosition Position => new() { Place = given };

    /// <inheritdoc/>
    public void MoveTo(BatchPosition position, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(position);
        given = position.Place;
    }

    /// <inheritdoc/>
    public TokenBatch Next()
    {
        given += batch.TokenCount;
        return batch;
    }
}
