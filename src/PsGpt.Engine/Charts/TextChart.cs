namespace PsGpt.Charts;

/// <summary>Draws the curve of a run in characters, for a terminal.</summary>
public static class TextChart
{
    private const int LinesBelow = 3;
    private const int ColumnsPerTick = 10;
    private const int MostLossLabels = 6;

    /// <summary>The lines of the chart, from the top down, at most as many and as long as <paramref name="options"/> say.</summary>
    /// <exception cref="GptException"><c>ChartSizeInvalid</c>; <c>ChartEmpty</c>: there is no loss that could be shown.</exception>
    public static IReadOnlyList<string> Draw(LossCurve curve, TextChartOptions options)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Width < TextChartOptions.LeastWidth || options.Height < TextChartOptions.LeastHeight)
        {
            throw new GptException("ChartSizeInvalid", GptErrorKind.InvalidArgument,
                $"A chart of {options.Width} x {options.Height} characters cannot be read. " +
                $"Give {TextChartOptions.LeastWidth} x {TextChartOptions.LeastHeight} at least.");
        }

        var shown = ChartContent.Require(curve, options.IsLogarithmic);
        var rows = options.Height - LinesBelow;
        var labelCount = Math.Clamp((rows + 1) / 2, 2, MostLossLabels);
        var losses = new ChartAxis(shown.Points.Select(point => point.Loss), labelCount, options.IsLogarithmic);
        var labels = LossLabels(losses, rows);
        var margin = labels.Max(label => label.Length) + 1;
        var columns = Math.Max(2, options.Width - margin - 1);
        var steps = new ChartAxis(shown.Points.Select(point => point.Step), Math.Max(2, columns / ColumnsPerTick), leastInterval: 1);
        var canvas = new TextCanvas(columns, rows, options.IsAscii);
        Draw(canvas, shown, point => (steps.Share(point.Step), losses.Share(point.Loss)));
        var (wall, floor, corner) = options.IsAscii ? ('|', '-', '+') : ('│', '─', '└');
        return
        [
            .. Enumerable.Range(0, rows).Select(row => $"{labels[row].PadLeft(margin - 1)} {wall}{canvas.Row(row)}".TrimEnd()),
            new string(' ', margin) + corner + new string(floor, columns),
            new string(' ', margin + 1) + StepLabels(steps, columns),
            .. Legend(shown, options, margin),
        ];
    }

    private static void Draw(TextCanvas canvas, LossCurve curve, Func<ChartPoint, (double X, double Y)> place)
    {
        for (var i = 0; i < curve.Training.Count; i++)
            canvas.DrawLine(place(curve.Training[Math.Max(0, i - 1)]), place(curve.Training[i]));
        foreach (var point in curve.Validation)
            canvas.Mark(place(point));
    }

    private static string[] LossLabels(ChartAxis axis, int rows)
    {
        var labels = Enumerable.Repeat("", rows).ToArray();
        foreach (var tick in axis.Ticks)
            labels[(int)Math.Round((1 - Math.Clamp(axis.Share(tick), 0, 1)) * (rows - 1))] = ChartAxis.Label(tick);
        return labels;
    }

    /// <summary>Labels stand in the middle under their places; one that would touch its neighbour is left out.</summary>
    private static string StepLabels(ChartAxis axis, int columns)
    {
        var line = "";
        foreach (var tick in axis.Ticks)
        {
            var label = ChartAxis.Label(tick);
            if (label.Length > columns)
                continue;
            var place = (int)Math.Round(Math.Clamp(axis.Share(tick), 0, 1) * (columns - 1)) - (label.Length / 2);
            place = Math.Clamp(place, 0, columns - label.Length);
            if (line.Length == 0 || place > line.Length)
                line = line.PadRight(place) + label;
        }

        return line;
    }

    private static IEnumerable<string> Legend(LossCurve curve, TextChartOptions options, int margin)
    {
        List<string> parts = ["step"];
        if (curve.Training.Count > 0)
            parts.Add(options.IsAscii ? "* loss" : "⠒ loss");
        if (curve.Validation.Count > 0)
            parts.Add(options.IsAscii ? "o validation" : "● validation");
        if (curve.OmittedCount > 0)
            parts.Add($"({curve.OmittedCount} not shown)");
        var line = new string(' ', margin + 1) + string.Join("  ", parts);
        yield return line.Length <= options.Width ? line : line[..options.Width];
    }
}
