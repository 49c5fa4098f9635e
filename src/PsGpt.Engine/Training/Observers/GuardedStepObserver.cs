using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>An observer of another assembly: where it throws, the error names it.</summary>
internal sealed class GuardedStepObserver(IStepObserver inner, PluginGuard guard) : IStepObserver, IDisposable
{
    public void Observe(StepObservation observation)
    {
        try
        {
            guard.Run(() => inner.Observe(observation), observation.CancellationToken);
        }
        catch when (guard.IsLost)
        {
            observation.KeepMemory();
            throw;
        }
    }

    public void Dispose() => guard.End(inner);
}
