namespace PsGpt.Training;

/// <summary>What one step of training did.</summary>
/// <param name="Step">The number of the step, counted over the whole life of the model's training from 1.</param>
/// <param name="Loss">The mean cross-entropy of the step's batch in nats, taken before the update.</param>
/// <param name="ValidationLoss">The mean cross-entropy of held-out text after the update, where it was measured.</param>
/// <param name="LearningRate">The learning rate of the update.</param>
/// <param name="GradientNorm">The Euclidean norm of all gradients before clipping.</param>
/// <param name="TokensPerSecond">Trained tokens per second of the step, without the validation.</param>
/// <param name="Milliseconds">How long the step took, without the validation.</param>
public readonly record struct TrainingStep(
    int Step, float Loss, float? ValidationLoss, float LearningRate, float GradientNorm, double TokensPerSecond, double Milliseconds);
