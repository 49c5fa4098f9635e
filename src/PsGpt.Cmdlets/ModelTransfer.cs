using PsGpt.Checkpoints;
using PsGpt.Formats;
using PsGpt.Formats.Weights;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Reads and writes models while the thread of the pipeline, the only one that may, shows how far that is.</summary>
internal static class ModelTransfer
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="cmdlet">The cmdlet that shows the bar and that Ctrl+C stops.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="title">What the bar calls the model.</param>
    /// <param name="format">The format; null tells it by the content.</param>
    /// <exception cref="GptException">The errors of <see cref="ModelFile.Read"/>; for a checkpoint also <c>CheckpointBroken</c>.</exception>
    public static GptModel Read(GptCmdlet cmdlet, string path, string title, string? format) => Watch(cmdlet, $"Loading {title}", share =>
    {
        if (Checkpoint.IsAt(path))
            Checkpoint.Open(path, cmdlet.StopToken);
        return ModelFile.Read(path, format, share, cmdlet.StopToken);
    });

    /// <param name="cmdlet">The cmdlet that shows the bar and that Ctrl+C stops.</param>
    /// <param name="model">The model.</param>
    /// <param name="path">The file or folder to make.</param>
    /// <param name="format">The format.</param>
    /// <param name="dataType">How weights are stored.</param>
    /// <param name="overwrite">Whether to replace what is there.</param>
    /// <exception cref="GptException">What <see cref="ModelFile.Write"/> throws.</exception>
    public static void Write(GptCmdlet cmdlet, GptModel model, string path, string format, WeightDataType dataType, bool overwrite) =>
        Watch(cmdlet, $"Writing {Path.GetFileName(Path.TrimEndingDirectorySeparator(path))}", share =>
        {
            ModelFile.Write(model, path, format, dataType, overwrite, share, cmdlet.StopToken);
            return model;
        });

    private static GptModel Watch(GptCmdlet cmdlet, string activity, Func<IProgress<double>, GptModel> transfer)
    {
        var share = new LatestShare();
        using var report = new ProgressReport(cmdlet, activity, isOftenShort: true);
        var running = Task.Run(() => transfer(share));
        while (!((IAsyncResult)running).AsyncWaitHandle.WaitOne(Pause))
            report.Update(share.Value, () => $"{share.Value:P0} of the weights");
        return running.GetAwaiter().GetResult();
    }

    private sealed class LatestShare : IProgress<double>
    {
        private double value;

        public double Value => Volatile.Read(ref value);

        public void Report(double value) => Volatile.Write(ref this.value, value);
    }
}
