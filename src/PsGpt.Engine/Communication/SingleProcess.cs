namespace PsGpt.Communication;

/// <summary>A process alone: a group of one, in which every collective operation is already done.</summary>
public sealed class SingleProcess : ICommunicator
{
    private SingleProcess()
    {
    }

    /// <summary>The only one.</summary>
    public static SingleProcess Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "single process";

    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    public void Barrier()
    {
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> data, int root)
    {
    }

    /// <inheritdoc/>
    public void AllReduce(Span<double> values)
    {
    }

    /// <inheritdoc/>
    public void ReduceScatter(Span<float> values, ReadOnlySpan<int> counts, WireFormat format = WireFormat.Float32)
    {
        if (format == WireFormat.BFloat16)
            RankSum.Round(values);
    }

    /// <inheritdoc/>
    public void AllGather(Span<float> values, ReadOnlySpan<int> counts)
    {
    }

    /// <inheritdoc/>
    public void Abort(int exitCode) => Environment.Exit(exitCode);
}
