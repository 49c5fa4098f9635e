namespace PsGpt.Data;

/// <summary>The same batch again and again: a model that cannot learn one batch by heart has an error somewhere.</summary>
/// <param name="inner">Gives the batch.</param>
public sealed class RepeatedBatch(IBatchSource inner) : IBatchSource
{
    private readonly TokenBatch batch = (inner ?? throw new ArgumentNullException(nameof(inner))).Next();
    private long given;

    /// <inheritdoc/>
    public double Epoch => (double)given / TokensPerEpoch;

    /// <inheritdoc/>
    public long TokensPerEpoch => batch.TokenCount;

    /// <inheritdoc/>
    public BatchPosition Position
    {
        get => new() { Place = given };
        set => given = value.Place;
    }

    /// <inheritdoc/>
    public TokenBatch Next()
    {
        given += batch.TokenCount;
        return batch;
    }
}
