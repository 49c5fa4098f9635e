namespace PsGpt.Training;

/// <summary>What one step of training did.</summary>
/// <param name="Step">The number of the step, counted over the whole life of the model's training from 1.</param>
/// <param name="Loss">The mean cross-entropy of the step's batches in nats, taken before the update.</param>
/// <param name="ValidationLoss">The mean cross-entropy of held-out text after the update, where it was measured.</param>
/// <param name="LearningRate">The learning rate of the update.</param>
/// <param name="GradientNorm">The Euclidean norm of all gradients before clipping.</param>
/// <param name="TokensPerSecond">Trained tokens per second of the step, without the validation.</param>
/// <param name="Milliseconds">How long the step took, without the validation.</param>
public readonly record struct TrainingStep(
    int Step, float Loss, float? ValidationLoss, float LearningRate, float GradientNorm, double TokensPerSecond, double Milliseconds)
{
    /// <summary>How often a run has gone through its text; 0 where a step is no part of a run.</summary>
    public double Epoch { get; init; }

    /// <summary>The step's arithmetic, 6 operations per parameter and token, as a share of what the machine can do at most, 0 to 1.</summary>
    public double PeakShare { get; init; }

    /// <summary>Whether the loss or the gradient was so far off that the model was not updated.</summary>
    public bool IsSkipped { get; init; }

    /// <summary>The mean cross-entropy of held-out text before the first update of a run, where that was asked for.</summary>
    public float? InitialValidationLoss { get; init; }

    /// <summary>What the model wrote after the update, where a sample was asked for.</summary>
    public string? Sample { get; init; }
}
