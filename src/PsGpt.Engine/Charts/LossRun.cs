namespace PsGpt.Charts;

/// <summary>A run of a chart.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Curve">The losses.</param>
public sealed record LossRun(string Name, LossCurve Curve);
