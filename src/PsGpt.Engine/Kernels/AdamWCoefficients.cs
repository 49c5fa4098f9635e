namespace PsGpt.Kernels;

/// <summary>The numbers of one AdamW step.</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
/// <param name="Beta1">Decay rate of the first moment.</param>
/// <param name="Beta2">Decay rate of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="WeightDecay">The decay; 0 for tensors that do not decay.</param>
/// <param name="FirstCorrection">1 − beta1 to the power of the step's number.</param>
/// <param name="SecondCorrection">1 − beta2 to the power of the step's number.</param>
/// <param name="GradientScale">Factor of the gradient, from clipping by norm.</param>
internal readonly record struct AdamWCoefficients(
    float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay, float FirstCorrection, float SecondCorrection,
    float GradientScale);
