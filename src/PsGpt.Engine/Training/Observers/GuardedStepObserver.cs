using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>An observer of another assembly: where it throws, the error names it.</summary>
internal sealed class GuardedStepObserver(IStepObserver inner, PluginGuard guard) : IStepObserver, IDisposable
{
    public void Observe(StepObservation observation) => guard.Run(() => inner.Observe(observation));

    public void Dispose()
    {
        if (inner is IDisposable disposable)
            guard.Run(disposable.Dispose);
    }
}
