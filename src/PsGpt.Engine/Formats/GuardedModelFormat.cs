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
        Guard.Get(() => Inner.Read(path, options, cancellationToken));

    public void Write(
        GptModel model, string path, WeightDataType dataType, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        Guard.Run(() => Inner.Write(model, path, dataType, progress, cancellationToken));
        Guard.Require(Path.Exists(path), $"wrote nothing");
    }

    public void WriteBeside(GptModel model, string path, bool overwrite, Action<string> warn) =>
        Guard.Run(() => Inner.WriteBeside(model, path, overwrite, warn));
}
