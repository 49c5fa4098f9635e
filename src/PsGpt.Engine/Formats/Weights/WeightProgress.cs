namespace PsGpt.Formats.Weights;

/// <summary>How many of a model's weights have been read or written. Several threads may tell.</summary>
/// <param name="progress">Is told the share, 0 to 1, by one thread at a time, but not always the same; may be null.</param>
/// <param name="total">The number of weights.</param>
internal sealed class WeightProgress(IProgress<double>? progress, long total)
{
    private readonly Lock gate = new();
    private long done;

    /// <summary>Tells of more weights.</summary>
    public void Add(long count)
    {
        if (progress is null)
            return;
        lock (gate)
            progress.Report((double)(done += count) / total);
    }
}
