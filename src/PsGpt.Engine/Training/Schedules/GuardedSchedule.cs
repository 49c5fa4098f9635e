using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>A schedule of another assembly: where it throws or gives no factor, the error names it.</summary>
internal sealed class GuardedSchedule(ILearningRateSchedule inner) : ILearningRateSchedule
{
    private readonly PluginGuard guard = new("schedule", inner.Name);

    public string Name { get; } = inner.Name;

    public string Description => inner.Description;

    public IReadOnlyList<PluginParameter> Parameters => inner.Parameters;

    public bool NeedsEnd => inner.NeedsEnd;

    public ILearningRateSchedule With(PluginArguments arguments) => new GuardedSchedule(guard.Get(() => inner.With(arguments)));

    public double FactorAt(double progress, double decayFraction)
    {
        var factor = double.NaN;
        guard.Run(() => factor = inner.FactorAt(progress, decayFraction));
        guard.Require(factor is >= 0 and <= 1, $"gave {factor} at {progress:0.###} of the run instead of a factor from 0 to 1");
        return factor;
    }
}
