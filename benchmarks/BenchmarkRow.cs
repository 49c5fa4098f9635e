namespace PsGpt.Benchmarks;

/// <summary>One line of the report: a measured value and its bar.</summary>
/// <param name="Work">The measured work, in words.</param>
/// <param name="Value">The figure: a median where it is a time.</param>
/// <param name="Unit">Its unit, such as <c>ms</c>, <c>% of the peak</c> or <c>x llm.c</c>.</param>
/// <param name="Bar">The value to reach; null if the figure is for information.</param>
/// <param name="IsCeiling">Whether the bar is a most, as for times, and not a least, as for shares.</param>
internal sealed record BenchmarkRow(string Work, double Value, string Unit, double? Bar = null, bool IsCeiling = true)
{
    /// <summary>Whether the bar is reached; null without a bar.</summary>
    public bool? IsReached => Bar is null ? null : IsCeiling ? Value <= Bar : Value >= Bar;

    public override string ToString()
    {
        var verdict = IsReached is not { } reached
            ? ""
            : $"{(IsCeiling ? "at most" : "at least")} {Bar:0.##}: {(reached ? "reached" : "missed")}";

        // A negative share that rounds to 0 would be printed as -0.
        return $"{Work,-52} {Math.Round(Value, 2) + 0.0,10:0.##} {Unit,-16} {verdict}".TrimEnd();
    }
}
