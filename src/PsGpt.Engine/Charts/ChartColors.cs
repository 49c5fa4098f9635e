namespace PsGpt.Charts;

/// <summary>
/// The colours of lines. People without receptors for red, green or blue tell them apart too.
/// </summary>
internal static class ChartColors
{
    /// <summary>On white.</summary>
    public static IReadOnlyList<string> Light { get; } = ["#0072b2", "#d55e00", "#8900ff", "#530000", "#bc857f", "#000034"];

    /// <summary>On black.</summary>
    public static IReadOnlyList<string> Dark { get; } = ["#56b4e9", "#ff8c42", "#c500ff", "#e3fffa", "#b3977d", "#50617b"];

    /// <summary>The name of a colour in the style sheet.</summary>
    public static string ClassOf(int number) => $"c{number % Light.Count}";
}
