namespace PsGpt.Training;

/// <summary>The loss of a model on held-out text.</summary>
public readonly record struct LossMeasurement
{
    /// <summary>The mean cross-entropy in nats.</summary>
    public float Loss { get; internal init; }

    /// <summary>The number of tokens that it was measured on.</summary>
    public long TokenCount { get; internal init; }

    /// <summary>The step that the model stands at.</summary>
    public int Step { get; internal init; }

    /// <summary>The time of the measurement.</summary>
    public double Milliseconds { get; internal init; }

    /// <summary>An estimate of the mean cross-entropy of the training text; null if it was not asked for.</summary>
    public float? TrainingLoss { get; internal init; }

    /// <summary>e to the power of the loss: the number of equally likely tokens that the model chooses between.</summary>
    public double Perplexity => Math.Exp(Loss);
}
