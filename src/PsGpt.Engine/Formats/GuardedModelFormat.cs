using PsGpt.Formats.Weights;
using PsGpt.Model;
using PsGpt.Plugins;

namespace PsGpt.Formats;

/// <summary>A model format of another assembly: where it throws, the error names it. Reading and writing may take any time.</summary>
internal sealed class GuardedModelFormat(IModelFormat inner) : IModelFormat
{
    private readonly PluginGuard guard = new("model format", inner.Name, PluginLimits.None);

    public string Name { get; } = inner.Name;

    public string Description => inner.Description;

    public bool Recognizes(string path)
    {
        var result = false;
        guard.Run(() => result = inner.Recognizes(path));
        return result;
    }

    public GptModel Read(string path, ModelReadOptions options, CancellationToken cancellationToken) =>
        guard.Get(() => inner.Read(path, options, cancellationToken));

    public void Write(
        GptModel model, string path, WeightDataType dataType, IProgress<double>? progress, CancellationToken cancellationToken) =>
        guard.Run(() => inner.Write(model, path, dataType, progress, cancellationToken));

    public void WriteBeside(GptModel model, string path, bool overwrite, Action<string> warn) =>
        guard.Run(() => inner.WriteBeside(model, path, overwrite, warn));
}
