namespace PsGpt.Training;

/// <summary>The numbers of one update.</summary>
/// <param name="Step">The number of the step, from 1.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="GradientScale">The factor of the gradients, for averaging and clipping.</param>
public readonly record struct OptimizerStep(int Step, float LearningRate, float GradientScale)
{
    /// <summary>The seed of the run. A stream of <see cref="NewRandom"/> follows from it and the step.</summary>
    public ulong Seed { get; init; }

    /// <summary>Is cancelled when the run is stopped. An update that ends with its exception is undone.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>A stream of random numbers of this step: the same in a run that was resumed.</summary>
    public RandomStream NewRandom() => new(RandomStream.Mix(Seed ^ 0x6F7074696D697A65) + (ulong)Step);
}
