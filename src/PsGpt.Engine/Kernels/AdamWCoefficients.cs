namespace PsGpt.Kernels;

/// <summary>The numbers of one AdamW step.</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
/// <param name="Beta1">How much of the first moment is kept.</param>
/// <param name="Beta2">How much of the second moment is kept.</param>
/// <param name="Epsilon">What is added to the root of the second moment.</param>
/// <param name="WeightDecay">The decay; 0 for tensors that do not decay.</param>
/// <param name="FirstCorrection">1 − beta1 to the power of the step's number.</param>
/// <param name="SecondCorrection">1 − beta2 to the power of the step's number.</param>
/// <param name="GradientScale">What the gradient is multiplied by first: clipping by norm.</param>
internal readonly record struct AdamWCoefficients(
    float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay, float FirstCorrection, float SecondCorrection, float GradientScale);
