using PsGpt.Model;
using PsGpt.Plugins;
using PsGpt.Tensors;

namespace PsGpt.Formats;

/// <summary>A model format of another assembly: where it throws, the error names it. Reading and writing may take any time.</summary>
internal sealed class GuardedModelFormat(IModelFormat inner)
    : GuardedPlugin<IModelFormat>(inner, "model format", PluginLimits.None), IModelFormat
{
    public bool Recognizes(string path) => Guard.Get(() => Inner.Recognizes(path));

    public GptModel Read(string path, ModelReadOptions options, CancellationToken cancellationToken) =>
        Read(path, options, new PluginReports(options.Progress, options.Warn), cancellationToken);

    public void Write(
        GptModel model, string path, WeightDataType dataType, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var reports = new PluginReports(progress, _ => { });
        Use(model, () => Inner.Write(model, path, dataType, reports, cancellationToken), reports, cancellationToken);
        Guard.Require(Path.Exists(path), $"wrote nothing");
    }

    public void WriteBeside(GptModel model, string path, bool overwrite, Action<string> warn)
    {
        var reports = new PluginReports(progress: null, warn);
        Use(model, () => Inner.WriteBeside(model, path, overwrite, reports.Warn), reports, cancellationToken: default);
    }

    private GptModel Read(string path, ModelReadOptions options, PluginReports reports, CancellationToken cancellationToken)
    {
        GptModel? model = null;
        options = options with { Progress = reports, Warn = reports.Warn };
        Guard.Run(() => model = Inner.Read(path, options, cancellationToken), reports, cancellationToken);
        Guard.Require(model is not null, $"gave nothing");
        return model!;
    }

    private void Use(GptModel model, Action call, PluginReports reports, CancellationToken cancellationToken)
    {
        try
        {
            Guard.Run(call, reports, cancellationToken);
        }
        catch when (Guard.IsLost)
        {
            model.KeepMemory();
            throw;
        }
    }
}
