using PsGpt.Tensors;

namespace PsGpt.Charts;

/// <summary>The content of a chart, which an <see cref="IChartFormat"/> draws.</summary>
public abstract record Chart
{
    /// <summary>The title above the chart; null for the usual one.</summary>
    public string? Title { get; init; }
}

/// <summary>The losses of one training run, or of several that are compared.</summary>
/// <param name="Runs">The runs, in the order of the legend.</param>
public sealed record LossChart(IReadOnlyList<LossRun> Runs) : Chart
{
    /// <summary>Whether equal ratios of losses have equal heights.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>
    /// The weight of the past in the smoothed line, 0 (no such line) to below 1, as TensorBoard counts it; null for one that suits the
    /// number of steps.
    /// </summary>
    public double? Smoothing { get; init; }
}

/// <summary>Tensors as heat maps: a map of a matrix, one for each outer index of a larger tensor.</summary>
/// <param name="Tensors">The tensors; their labels and the names of their axes become those of the maps.</param>
public sealed record HeatMapChart(IReadOnlyList<GptTensor> Tensors) : Chart;
