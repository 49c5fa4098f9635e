namespace PsGpt.Data;

/// <summary>Where a source of batches stands, in plain numbers that a checkpoint can hold.</summary>
public sealed record BatchPosition
{
    /// <summary>The state of the stream that windows are drawn with; 0 where batches come in order.</summary>
    public ulong RandomState { get; init; }

    /// <summary>The number of tokens that were given before; where batches come in order, those of the shard.</summary>
    public long Place { get; init; }

    /// <summary>How many shards were finished in this time through the text, counted in the order of reading.</summary>
    public int Shard { get; init; }

    /// <summary>How often the text was gone through before.</summary>
    public int Epoch { get; init; }
}
