namespace PsGpt.Training;

/// <summary>The rate stays at its peak.</summary>
internal sealed class ConstantSchedule : ILearningRateSchedule
{
    public string Name => "constant";

    public string Description => "The rate stays as it is after the warm-up.";

    public bool NeedsEnd => false;

    public double FactorAt(double progress, double decayFraction) => 1;
}

/// <summary>The rate falls along a line over the whole run.</summary>
internal sealed class LinearSchedule : ILearningRateSchedule
{
    public string Name => "linear";

    public string Description => "The rate falls along a line to its minimum.";

    public bool NeedsEnd => true;

    public double FactorAt(double progress, double decayFraction) => 1 - progress;
}

/// <summary>The rate falls along half a wave of a cosine over the whole run (nanoGPT's <c>get_lr</c>).</summary>
internal sealed class CosineSchedule : ILearningRateSchedule
{
    public string Name => "cosine";

    public string Description => "The rate falls along a cosine to its minimum, as in nanoGPT.";

    public bool NeedsEnd => true;

    public double FactorAt(double progress, double decayFraction) => 0.5 * (1 + Math.Cos(Math.PI * progress));
}

/// <summary>
/// The rate stays at its peak and falls along a line in the last part of the run (Hu et al. 2024, MiniCPM; llm.c's <c>wsd</c>).
/// </summary>
internal sealed class WarmupStableDecaySchedule : ILearningRateSchedule
{
    public string Name => "warmup-stable-decay";

    public string Description => "The rate stays as it is and falls along a line in the last part of the run.";

    public bool NeedsEnd => true;

    public double FactorAt(double progress, double decayFraction) => Math.Min(1, (1 - progress) / decayFraction);
}
