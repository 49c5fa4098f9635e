namespace PsGpt.Charts;

/// <summary>How a chart of characters looks.</summary>
public sealed record TextChartOptions
{
    /// <summary>The smallest width.</summary>
    public const int LeastWidth = 20;

    /// <summary>The smallest height.</summary>
    public const int LeastHeight = 5;

    /// <summary>The characters of a line at most, 20 or more.</summary>
    public int Width { get; init; } = 80;

    /// <summary>The lines at most, 5 or more.</summary>
    public int Height { get; init; } = 20;

    /// <summary>Whether only characters of ASCII are used.</summary>
    public bool IsAscii { get; init; }
}
