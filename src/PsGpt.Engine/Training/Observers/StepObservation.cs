using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>A finished step of a run, as an observer sees it.</summary>
/// <param name="step">The step, with the validation loss where it was measured.</param>
/// <param name="model">The model after the step.</param>
/// <param name="gradients">The gradients that led to the step.</param>
/// <param name="cancellationToken">Is cancelled when the run is stopped.</param>
public sealed class StepObservation(TrainingStep step, GptModel model, TensorSet gradients, CancellationToken cancellationToken)
{
    /// <summary>The step, with the validation loss where it was measured.</summary>
    public TrainingStep Step { get; } = step;

    /// <summary>The model after the step. <c>Tensor.CopyTo</c> reads its parameters; its <c>TrainingState</c> has the moments.</summary>
    public GptModel Model { get; } = model;

    /// <summary>The gradients that led to the step, laid out as the parameters; the sum over the step's batches, before clipping.</summary>
    public TensorSet Gradients { get; } = gradients;

    /// <summary>Is cancelled when the run is stopped.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Whether an observer has asked for the end of the run.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Lets the run end after this step, as if it were the last.</summary>
    public void Stop() => IsStopped = true;

    /// <summary>Never frees what the observer sees: its call never returned.</summary>
    internal void KeepMemory()
    {
        Model.KeepMemory();
        Gradients.KeepMemory();
    }
}
