using PsGpt.Data;
using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>Whether the plug-ins of a run exist and have the parameters that were given.</summary>
internal static class PluginCheck
{
    /// <exception cref="GptException"><c>PluginNotFound</c>, <c>PluginParameterUnknown</c>, <c>PluginParameterInvalid</c>.</exception>
    public static void Require(TrainingRunOptions options) => PluginArguments.Require(
        options.Trainer.PluginParameter,
        [
            OptimizerCatalog.Registry.Get(options.Trainer.Optimizer),
            ScheduleCatalog.Registry.Get(options.Schedule),
            BatchSourceCatalog.Registry.Get(options.BatchSource ?? options.Order.ToString()),
            .. options.StepObserver.Select(StepObserverCatalog.Registry.Get),
        ]);
}
