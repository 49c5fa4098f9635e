namespace PsGpt.Charts;

/// <summary>What of a curve a chart can show.</summary>
internal static class ChartContent
{
    /// <summary>The curve as the axes take it.</summary>
    /// <exception cref="GptException"><c>ChartEmpty</c>.</exception>
    public static LossCurve Require(LossCurve curve, bool isLogarithmic)
    {
        var shown = isLogarithmic ? curve.ForLogarithm() : curve;
        if (!shown.IsEmpty)
            return shown;
        throw new GptException("ChartEmpty", GptErrorKind.InvalidData, shown.OmittedCount == 0
            ? "There is no step to draw. Give the steps of a run, as Start-GptTraining and Invoke-GptTrainingStep emit them."
            : $"None of the {shown.OmittedCount} losses can be drawn: they are NaN or infinite" +
                (isLogarithmic ? ", or not above 0, as a logarithmic scale needs them" : "") + ". Look at the run that they came from.");
    }

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
