namespace PsGpt.Charts;

/// <summary>The part of a chart's content that can be drawn.</summary>
internal static class ChartContent
{
    /// <summary>The runs as the axes take them.</summary>
    /// <exception cref="GptException"><c>ChartEmpty</c>.</exception>
    public static IReadOnlyList<LossRun> Require(LossChart chart)
    {
        LossRun[] runs = [.. chart.Runs.Select(run => chart.IsLogarithmic ? run with { Curve = run.Curve.ForLogarithm() } : run)];
        var omitted = OmittedCount(runs);
        if (runs.Any(run => !run.Curve.IsEmpty))
            return runs;
        throw new GptException("ChartEmpty", GptErrorKind.InvalidData, omitted == 0
            ? "There is no step to draw. Give the steps of a run."
            : $"None of the {omitted} losses can be drawn: they are NaN or infinite" +
                (chart.IsLogarithmic ? ", or not above 0, as a logarithmic scale needs them" : "") +
                ". Look at the run that they came from.");
    }

    /// <summary>How many losses no chart can show.</summary>
    public static int OmittedCount(IEnumerable<LossRun> runs) => runs.Sum(run => run.Curve.OmittedCount);

    /// <summary>
    /// At most <paramref name="columns"/> x 2 points that draw the same picture: the lowest and the highest of each column, and both ends.
    /// </summary>
    public static IReadOnlyList<ChartPoint> Thin(IReadOnlyList<ChartPoint> points, int columns)
    {
        if (points.Count <= 2 * columns)
            return points;
        var thinned = new List<ChartPoint>(2 * columns);
        for (var column = 0; column < columns; column++)
        {
            var start = (int)((long)points.Count * column / columns);
            var end = (int)((long)points.Count * (column + 1) / columns);
            var part = Enumerable.Range(start, end - start);
            var (low, high) = (part.MinBy(i => points[i].Loss), part.MaxBy(i => points[i].Loss));
            thinned.Add(points[Math.Min(low, high)]);
            if (low != high)
                thinned.Add(points[Math.Max(low, high)]);
        }

        (thinned[0], thinned[^1]) = (points[0], points[^1]);
        return thinned;
    }
}
