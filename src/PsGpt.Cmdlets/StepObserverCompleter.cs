using PsGpt.Plugins;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Completes the names of observers of steps.</summary>
public sealed class StepObserverCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => StepObserverCatalog.Registry.All;
}
