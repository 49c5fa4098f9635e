namespace PsGpt.Training;

/// <summary>The rate falls along a line over the whole run.</summary>
internal sealed class LinearSchedule : ILearningRateSchedule
{
    public string Name => "linear";

    public string Description => "The rate falls along a line to its minimum.";

    public bool NeedsEnd => true;

    public double FactorAt(double progress, double decayFraction) => 1 - progress;
}
