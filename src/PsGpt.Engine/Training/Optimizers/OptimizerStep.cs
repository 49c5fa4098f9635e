namespace PsGpt.Training;

/// <summary>The numbers of one update.</summary>
/// <param name="Step">The number of the step, from 1.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="GradientScale">The factor of the gradients, for averaging and clipping.</param>
public readonly record struct OptimizerStep(int Step, float LearningRate, float GradientScale);
