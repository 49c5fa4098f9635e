using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>How the learning rate goes from its peak to its floor once the warm-up is over.</summary>
public interface ILearningRateSchedule : IPlugin
{
    /// <summary>Whether the rate falls towards the end of the run, so that the end must be known.</summary>
    bool NeedsEnd { get; }

    /// <summary>Where the rate stands: 1 at the peak, 0 at the floor.</summary>
    /// <param name="progress">The share of the steps after the warm-up that are done, 0 to below 1.</param>
    /// <param name="decayFraction">The last share of them in which the rate falls, above 0 to 1.</param>
    double FactorAt(double progress, double decayFraction);
}
