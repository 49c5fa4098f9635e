using PsGpt.Data;
using PsGpt.Plugins;

namespace PsGpt.Commands;

/// <summary>Completes the names of batch sources.</summary>
public sealed class BatchSourceCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => BatchSourceCatalog.Registry.All;
}
