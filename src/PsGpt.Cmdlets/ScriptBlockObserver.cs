using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>An observer of steps that the user wrote as a script block, <c>{ param($observation) … }</c>. It gives nothing.</summary>
internal sealed class ScriptBlockObserver(PluginBlock block) : IStepObserver
{
    public void Observe(StepObservation observation)
    {
        if (block.Invoke(observation) is [{ } first, ..])
            throw new InvalidOperationException($"it gave '{first}', but an observer gives nothing; send what it gives to Out-Null");
    }
}
