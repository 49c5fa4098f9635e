using PsGpt.Formats;
using PsGpt.Plugins;

namespace PsGpt.Commands;

/// <summary>Completes the names of model file formats.</summary>
public sealed class ModelFormatCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => ModelFormatCatalog.Registry.All;
}
