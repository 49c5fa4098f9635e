using PsGpt.Formats;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Reads models while the thread of the pipeline, the only one that may, shows how far that is.</summary>
internal static class ModelReading
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="cmdlet">The cmdlet that shows the bar and that Ctrl+C stops.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="title">What the bar calls the model.</param>
    /// <param name="format">The format; null tells it by the content.</param>
    /// <exception cref="GptException">What <see cref="ModelFile.Read"/> throws.</exception>
    public static GptModel Read(GptCmdlet cmdlet, string path, string title, string? format)
    {
        var share = new LatestShare();
        using var report = new ProgressReport(cmdlet, $"Loading {title}", isOftenShort: true);
        var reading = Task.Run(() => ModelFile.Read(path, format, share, cmdlet.StopToken));
        while (!((IAsyncResult)reading).AsyncWaitHandle.WaitOne(Pause))
            report.Update(share.Value, () => $"{share.Value:P0} of the weights");
        return reading.GetAwaiter().GetResult();
    }

    private sealed class LatestShare : IProgress<double>
    {
        private double value;

        public double Value => Volatile.Read(ref value);

        public void Report(double value) => Volatile.Write(ref this.value, value);
    }
}
