using PsGpt.Model;
using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>The run that an observer is made for.</summary>
/// <param name="Model">The model that is trained.</param>
/// <param name="Options">How it is trained.</param>
public sealed record StepObserverSetup(GptModel Model, TrainingRunOptions Options)
{
    /// <summary>The values of the observer's own parameters.</summary>
    public PluginArguments Arguments { get; internal init; } = PluginArguments.None;
}
