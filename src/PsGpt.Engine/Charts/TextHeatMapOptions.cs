namespace PsGpt.Charts;

/// <summary>How heat maps of characters look.</summary>
public sealed record TextHeatMapOptions
{
    /// <summary>The smallest width.</summary>
    public const int LeastWidth = 20;

    /// <summary>The columns of a line at most, 20 or more.</summary>
    public int Width { get; init; } = 79;

    /// <summary>The rows of a map at most, 1 or more.</summary>
    public int Height { get; init; } = 32;

    /// <summary>Whether cells are coloured by ANSI escape sequences. Without these the text is the same.</summary>
    public bool HasColor { get; init; }

    /// <summary>Whether only characters of ASCII are used.</summary>
    public bool IsAscii { get; init; }
}
