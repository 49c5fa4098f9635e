using PsGpt.Checkpoints;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Reads and writes models while the thread of the pipeline, the only one that may, shows how far that is.</summary>
internal static class ModelTransfer
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StopPause = TimeSpan.FromSeconds(2);

    /// <param name="cmdlet">The cmdlet that shows the bar and that Ctrl+C stops.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="title">What the bar calls the model.</param>
    /// <param name="format">The format; null tells it by the content.</param>
    /// <param name="tokenizer">The tokenizer of the model; null takes the one that the files bring.</param>
    /// <param name="dataType">How the model keeps its matrices.</param>
    /// <exception cref="GptException">The model cannot be read; for a checkpoint also <c>CheckpointBroken</c>.</exception>
    public static GptModel Read(
        GptCmdlet cmdlet, string path, string title, string? format, Tokenizer? tokenizer = null,
        WeightDataType dataType = WeightDataType.Float32)
    {
        // Warnings wait for the thread of the pipeline.
        var (warnings, report) = (new List<string>(), ArgumentReport.Current);
        var options = new ModelReadOptions
        {
            Format = format,
            Tokenizer = tokenizer,
            DataType = dataType,
            Warn = warnings.Add,
            WarnOfTokenizer = report is null ? null : report.WarnOfTokenizer,
            TokenizerFailed = report is null ? null : report.FailTokenizer,
        };
        var model = Watch(cmdlet, $"Loading {title}", share =>
        {
            if (Checkpoint.IsAt(path))
                Checkpoint.Open(path, cmdlet.StopToken);
            return ModelFile.Read(path, options with { Progress = share }, cmdlet.StopToken);
        });
        warnings.ForEach(cmdlet.WriteWarning);
        return model;
    }

    /// <param name="cmdlet">The cmdlet that shows the bar and that Ctrl+C stops.</param>
    /// <param name="model">The model.</param>
    /// <param name="path">The file or folder to make.</param>
    /// <param name="format">The format.</param>
    /// <param name="dataType">How weights are stored.</param>
    /// <param name="overwrite">Whether to replace what is there.</param>
    /// <exception cref="GptException">The model cannot be written.</exception>
    public static void Write(GptCmdlet cmdlet, GptModel model, string path, string format, WeightDataType dataType, bool overwrite)
    {
        var warnings = new List<string>();
        Watch(cmdlet, $"Writing {Path.GetFileName(Path.TrimEndingDirectorySeparator(path))}", share =>
        {
            ModelFile.Write(model, path, format, dataType, overwrite, share, cmdlet.StopToken, warnings.Add);
            return model;
        });
        warnings.ForEach(cmdlet.WriteWarning);
    }

    private static GptModel Watch(GptCmdlet cmdlet, string activity, Func<IProgress<double>, GptModel> transfer)
    {
        var share = new LatestShare();
        using var report = new ProgressReport(cmdlet, activity, isOftenShort: true);
        var running = Task.Run(() => transfer(share));
        var end = ((IAsyncResult)running).AsyncWaitHandle;
        while (!end.WaitOne(Pause))
        {
            // A stopped pipeline takes no progress. What does not end in a moment is left to itself.
            if (!cmdlet.StopToken.IsCancellationRequested)
                report.Update(share.Value, () => $"{share.Value:P0} of the weights");
            else if (!end.WaitOne(StopPause))
                cmdlet.StopToken.ThrowIfCancellationRequested();
        }

        return running.GetAwaiter().GetResult();
    }

    private sealed class LatestShare : IProgress<double>
    {
        private double value;

        public double Value => Volatile.Read(ref value);

        public void Report(double value) => Volatile.Write(ref this.value, value);
    }
}
