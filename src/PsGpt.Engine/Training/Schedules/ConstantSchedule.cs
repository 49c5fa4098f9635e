namespace PsGpt.Training;

/// <summary>The rate stays at its peak.</summary>
internal sealed class ConstantSchedule : ILearningRateSchedule
{
    public string Name => "constant";

    public string Description => "The rate stays as it is after the warm-up.";

    public bool NeedsEnd => false;

    public double FactorAt(double progress, double decayFraction) => 1;
}
