namespace PsGpt.Charts;

/// <summary>A loss at a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Loss">The loss in nats, finite.</param>
public readonly record struct ChartPoint(double Step, double Loss);
