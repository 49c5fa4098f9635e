using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>The observers of a run, in the order in which they were named.</summary>
internal sealed class StepObservers : IDisposable
{
    private readonly GptModel model;
    private readonly List<IStepObserver> observers;

    /// <exception cref="GptException"><c>PluginNotFound</c>, <c>PluginFailed</c>.</exception>
    public StepObservers(GptModel model, TrainingRunOptions options)
    {
        this.model = model;
        var setup = new StepObserverSetup(model, options);
        observers = [.. options.StepObserver.Select(name => StepObserverCatalog.Registry.Get(name).Create(setup))];
    }

    /// <summary>Shows all of them a step.</summary>
    /// <param name="gradients">The gradients that led to the step.</param>
    /// <returns>Whether one of them has ended the run.</returns>
    public bool Observe(TrainingStep step, TensorSet gradients, CancellationToken cancellationToken)
    {
        var observation = new StepObservation(step, model, gradients, cancellationToken);
        observers.ForEach(observer => observer.Observe(observation));
        return observation.IsStopped;
    }

    public void Dispose() => observers.OfType<IDisposable>().ToList().ForEach(observer => observer.Dispose());
}
