namespace PsGpt.Charts;

/// <summary>How a chart in a file looks.</summary>
public sealed record ChartOptions
{
    /// <summary>What stands above the chart; null for nothing.</summary>
    public string? Title { get; init; }

    /// <summary>Whether equal ratios of losses have equal heights.</summary>
    public bool IsLogarithmic { get; init; }
}
