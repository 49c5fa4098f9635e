namespace PsGpt.Training;

/// <summary>The loss of a model on held-out text.</summary>
/// <param name="Loss">The mean cross-entropy in nats.</param>
/// <param name="TokenCount">How many tokens it was measured on.</param>
/// <param name="Step">The step that the model stands at.</param>
/// <param name="Milliseconds">How long it took.</param>
public readonly record struct LossMeasurement(float Loss, long TokenCount, int Step, double Milliseconds)
{
    /// <summary>Between how many tokens the model is undecided on average: e to the power of the loss.</summary>
    public double Perplexity => Math.Exp(Loss);
}
