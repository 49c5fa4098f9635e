using System.Collections.Concurrent;

namespace PsGpt.Plugins;

/// <summary>What a plug-in reports on its own thread; the thread that waits for it passes it on.</summary>
/// <param name="progress">Takes the last share that was reported.</param>
/// <param name="warn">Takes each warning.</param>
internal sealed class PluginReports(IProgress<double>? progress, Action<string> warn) : IProgress<double>
{
    private readonly ConcurrentQueue<string> warnings = new();
    private double share = double.NaN;

    /// <inheritdoc/>
    public void Report(double value) => Volatile.Write(ref share, value);

    /// <summary>Takes a warning.</summary>
    public void Warn(string warning) => warnings.Enqueue(warning);

    /// <summary>Passes on what has come since the last time.</summary>
    public void PassOn()
    {
        while (warnings.TryDequeue(out var warning))
            warn(warning);
        var reported = Interlocked.Exchange(ref share, double.NaN);
        if (!double.IsNaN(reported))
            progress?.Report(reported);
    }
}
