using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>The observers of steps that are known by name. There is no built-in one.</summary>
public static class StepObserverCatalog
{
    /// <summary>All of them; register your own here.</summary>
    public static Registry<StepObserverPlugin> Registry { get; } = new("step observer");
}
