using PsGpt.Plugins;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Completes the names of optimizers.</summary>
public sealed class OptimizerCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => OptimizerCatalog.Registry.All;
}
