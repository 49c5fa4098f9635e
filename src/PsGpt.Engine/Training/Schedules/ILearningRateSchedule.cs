using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>The course of the learning rate from its peak to its minimum, after the warm-up.</summary>
public interface ILearningRateSchedule : IPlugin
{
    /// <summary>Whether the rate falls towards the end of the run, so that the end must be known.</summary>
    bool NeedsEnd { get; }

    /// <summary>The schedule with values for its own parameters; one without parameters stays as it is.</summary>
    ILearningRateSchedule With(PluginArguments arguments) => this;

    /// <summary>The factor of the schedule: 1 gives the peak, 0 the minimum.</summary>
    /// <param name="progress">The share of the steps after the warm-up that are done, 0 to below 1.</param>
    /// <param name="decayFraction">The last share of them in which the rate falls, above 0 to 1.</param>
    double FactorAt(double progress, double decayFraction);
}
