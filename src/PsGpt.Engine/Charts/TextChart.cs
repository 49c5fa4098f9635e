namespace PsGpt.Charts;

/// <summary>Draws losses in characters, for a terminal. A run alone is a line in dots; of several runs each has a letter.</summary>
public static class TextChart
{
    private const int LinesBelow = 2;
    private const int ColumnsPerTick = 10;
    private const int MostLossLabels = 6;

    /// <summary>The lines of the chart, from the top down, at most as many and as long as <paramref name="options"/> say.</summary>
    /// <param name="chart">The losses. The title and the smoothing are not drawn.</param>
    /// <param name="options">The size.</param>
    /// <exception cref="GptException"><c>ChartSizeInvalid</c>; <c>ChartEmpty</c>: there is no loss that could be shown.</exception>
    public static IReadOnlyList<string> Draw(LossChart chart, TextChartOptions options)
    {
        ArgumentNullException.ThrowIfNull(chart);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Width < TextChartOptions.LeastWidth || options.Height < TextChartOptions.LeastHeight)
        {
            throw new GptException("ChartSizeInvalid", GptErrorKind.InvalidArgument,
                $"A chart of {options.Width} x {options.Height} characters cannot be read. " +
                $"Give {TextChartOptions.LeastWidth} x {TextChartOptions.LeastHeight} at least.");
        }

        var runs = ChartContent.Require(chart);
        var legend = TextLegend.Lines(runs, options);
        var rows = options.Height - LinesBelow - legend.Count;
        var points = runs.SelectMany(run => run.Curve.Points);
        var losses = new ChartAxis(
            points.Select(point => point.Loss), Math.Clamp((rows + 1) / 2, 2, MostLossLabels), chart.IsLogarithmic);
        var labels = LossLabels(losses, rows);
        var margin = labels.Max(label => label.Length) + 1;
        var columns = Math.Max(2, options.Width - margin - 1);
        var steps = new ChartAxis(points.Select(point => point.Step), Math.Max(2, columns / ColumnsPerTick), leastInterval: 1);
        var canvas = new TextCanvas(columns, rows, isBraille: !options.IsAscii && runs.Count == 1);
        foreach (var (i, run) in runs.Index())
            Draw(canvas, run.Curve, TextLegend.MarksOf(i, runs.Count, options), Place);
        var (wall, floor, corner) = options.IsAscii ? ('|', '-', '+') : ('│', '─', '└');
        var indent = new string(' ', runs.Count == 1 ? margin + 1 : 1);
        return
        [
            .. Enumerable.Range(0, rows).Select(row => $"{labels[row].PadLeft(margin - 1)} {wall}{canvas.Row(row)}".TrimEnd()),
            new string(' ', margin) + corner + new string(floor, columns),
            new string(' ', margin + 1) + StepLabels(steps, columns),
            .. legend.Select(line => indent + line).Select(line => line.Length <= options.Width ? line : line[..options.Width]),
        ];

        (double X, double Y) Place(ChartPoint point) => (steps.Share(point.Step), losses.Share(point.Loss));
    }

    private static void Draw(
        TextCanvas canvas, LossCurve curve, (char Line, char Dot) marks, Func<ChartPoint, (double X, double Y)> place)
    {
        for (var i = 0; i < curve.Training.Count; i++)
            canvas.DrawLine(place(curve.Training[Math.Max(0, i - 1)]), place(curve.Training[i]), marks.Line);
        foreach (var point in curve.Validation)
            canvas.Mark(place(point), marks.Dot);
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
}
