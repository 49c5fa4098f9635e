namespace PsGpt.Training;

/// <summary>The result of one step of training.</summary>
public readonly record struct TrainingStep
{
    /// <summary>The number of the step, counted from 1 over the whole life of the model's training.</summary>
    public int Step { get; internal init; }

    /// <summary>The mean cross-entropy of the step's batches in nats, taken before the update.</summary>
    public float Loss { get; internal init; }

    /// <summary>The mean cross-entropy of held-out text in nats after the update; null if it was not measured.</summary>
    public float? ValidationLoss { get; internal init; }

    /// <summary>The learning rate of the update.</summary>
    public float LearningRate { get; internal init; }

    /// <summary>The Euclidean norm of all gradients before clipping.</summary>
    public float GradientNorm { get; internal init; }

    /// <summary>The trained tokens per second of the step, without the validation.</summary>
    public double TokensPerSecond { get; internal init; }

    /// <summary>The time of the step, without the validation.</summary>
    public double Milliseconds { get; internal init; }

    /// <summary>The number of times that the run has gone through its text; 0 if the step is not part of a run.</summary>
    public double Epoch { get; internal init; }

    /// <summary>The arithmetic of the step, 6 operations per parameter and token, as a share of the machine's peak, 0 to 1.</summary>
    public double PeakShare { get; internal init; }

    /// <summary>Whether the loss or the gradient was an outlier, so that the model was not updated.</summary>
    public bool IsSkipped { get; internal init; }

    /// <summary>The mean cross-entropy of held-out text before the first update of a run; null if it was not asked for.</summary>
    public float? InitialValidationLoss { get; internal init; }

    /// <summary>An estimate of the mean cross-entropy of the training text after the update; null if it was not asked for.</summary>
    public float? TrainingLoss { get; internal init; }

    /// <summary>Some words that the model wrote after the update; null if no sample was due.</summary>
    public string? Sample { get; internal init; }
}
