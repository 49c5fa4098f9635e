using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>An observer of steps that is known by name.</summary>
/// <param name="name">The name that users type.</param>
/// <param name="description">One sentence for lists and tab completion.</param>
/// <param name="create">Makes it for a run, before the first step.</param>
public class StepObserverPlugin(string name, string description, Func<StepObserverSetup, IStepObserver> create)
    : PluginFactory<StepObserverSetup, IStepObserver>("step observer", name, description, create)
{
    /// <summary>Makes it for a run.</summary>
    /// <exception cref="GptException"><c>PluginFailed</c>: it is of another assembly, and threw.</exception>
    public IStepObserver Create(StepObserverSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return Make(setup with { Arguments = new PluginArguments(this, setup.Options.Trainer.PluginParameter) });
    }

    private protected override IStepObserver Guard(IStepObserver product, PluginGuard guard, StepObserverSetup setup) =>
        new GuardedStepObserver(product, guard);
}
