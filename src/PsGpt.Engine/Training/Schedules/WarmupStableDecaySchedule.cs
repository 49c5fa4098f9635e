namespace PsGpt.Training;

/// <summary>The rate stays at its peak and falls along a line in the last part of the run (Hu et al. 2024, MiniCPM; llm.c's <c>wsd</c>).</summary>
internal sealed class WarmupStableDecaySchedule : ILearningRateSchedule
{
    public string Name => "warmup-stable-decay";

    public string Description => "The rate stays as it is and falls along a line in the last part of the run.";

    public bool NeedsEnd => true;

    public double FactorAt(double progress, double decayFraction) => Math.Min(1, (1 - progress) / decayFraction);
}
