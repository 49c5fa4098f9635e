using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>A schedule of another assembly: where it throws or gives no factor, the error names it.</summary>
internal sealed class GuardedSchedule(ILearningRateSchedule inner)
    : GuardedPlugin<ILearningRateSchedule>(inner, "schedule"), ILearningRateSchedule
{
    public bool NeedsEnd => Guard.Get(() => Inner.NeedsEnd);

    public ILearningRateSchedule With(PluginArguments arguments) => new GuardedSchedule(Guard.Get(() => Inner.With(arguments)));

    public double FactorAt(double progress, double decayFraction)
    {
        var factor = Guard.Get(() => Inner.FactorAt(progress, decayFraction));
        Guard.Require(factor is >= 0 and <= 1, $"gave {factor} at {progress:0.###} of the run instead of a factor from 0 to 1");
        return factor;
    }
}
