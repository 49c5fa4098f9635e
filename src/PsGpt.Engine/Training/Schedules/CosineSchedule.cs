namespace PsGpt.Training;

/// <summary>The rate falls along half a wave of a cosine over the whole run (nanoGPT's <c>get_lr</c>).</summary>
internal sealed class CosineSchedule : ILearningRateSchedule
{
    public string Name => "cosine";

    public string Description => "The rate falls along a cosine to its minimum, as nanoGPT has it.";

    public bool NeedsEnd => true;

    public double FactorAt(double progress, double decayFraction) => 0.5 * (1 + Math.Cos(Math.PI * progress));
}
