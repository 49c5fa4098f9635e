using PsGpt.Plugins;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Completes the names of learning-rate schedules.</summary>
public sealed class ScheduleCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => ScheduleCatalog.Registry.All;
}
