using System.Xml.Linq;

namespace PsGpt.Charts;

/// <summary>A loss chart that is laid out for one size. At that size its text is 13 pixels high.</summary>
internal sealed class LossDrawing
{
    private const double FontSize = 13, TitleSize = 17, TitleHeight = 22, Margin = 12, AxisName = 20, TickHeight = 20;
    private const int PixelsPerStepTick = 75, PixelsPerLossTick = 24, MostLossTicks = 8, HoverColumns = 400;

    private readonly IReadOnlyList<LossRun> runs;
    private readonly IReadOnlyList<LossSeries> series;
    private readonly LossLegend legend;
    private readonly IReadOnlyList<string> titleLines;
    private readonly ChartAxis steps, losses;
    private readonly double width, height, left, top, plotWidth, plotHeight;
    private readonly string lossName;

    /// <exception cref="GptException"><c>ChartEmpty</c>: there is no loss that could be shown.</exception>
    public LossDrawing(LossChart chart, double width, double height)
    {
        (this.width, this.height) = (width, height);
        runs = ChartContent.Require(chart);
        series = LossSeries.Of(runs, chart.Smoothing);
        Title = chart.Title ?? (runs.Count > 1 ? "Loss of the runs" : "Loss of the run");
        lossName = chart.IsLogarithmic ? "loss (nats, logarithmic)" : "loss (nats)";
        titleLines = SvgShapes.Wrap(Title, width - (2 * Margin), TitleSize, mostLines: 3);
        legend = new LossLegend(series, runs, width - (2 * Margin));
        top = Margin + (titleLines.Count * TitleHeight) + (legend.RowCount * LossLegend.RowHeight) + 6;
        plotHeight = Math.Max(height - top - TickHeight - AxisName - 6, 40);
        var points = series.SelectMany(line => line.Points);
        losses = new ChartAxis(
            points.Select(point => point.Loss), Math.Clamp((int)(plotHeight / PixelsPerLossTick), 3, MostLossTicks), chart.IsLogarithmic);
        left = Margin + AxisName + losses.Ticks.Max(tick => SvgShapes.WidthOf(ChartAxis.Label(tick), FontSize)) + 4;
        plotWidth = width - left - (2 * Margin);
        steps = new ChartAxis(
            points.Select(point => point.Step), Math.Max(3, (int)(plotWidth / PixelsPerStepTick)), leastInterval: 1);
    }

    /// <summary>The title as it is drawn, before it is cut into lines.</summary>
    public string Title { get; }

    private double Right => left + plotWidth;

    private double Bottom => top + plotHeight;

    /// <summary>The drawing.</summary>
    public IEnumerable<XElement> Elements() =>
    [
        .. titleLines.Select((line, i) => SvgShapes.Text(
            width / 2, Margin + 12 + (i * TitleHeight), "middle", line, new XAttribute("class", "title"))),
        .. legend.Elements(Margin, Margin + (titleLines.Count * TitleHeight)),
        .. Axes(),
        .. series.SelectMany(Draw),
        .. Hovers(),
    ];

    private double X(ChartPoint point) => left + (plotWidth * steps.Share(point.Step));

    private double Y(ChartPoint point) => top + (plotHeight * (1 - losses.Share(point.Loss)));

    private IEnumerable<XElement> Axes()
    {
        foreach (var tick in steps.Ticks)
        {
            var x = X(new ChartPoint(tick, 0));
            yield return SvgShapes.Line("grid", x, top, x, Bottom);
            yield return SvgShapes.Text(x, Bottom + 17, "middle", ChartAxis.Label(tick));
        }

        foreach (var tick in losses.Ticks)
        {
            var y = Y(new ChartPoint(0, tick));
            yield return SvgShapes.Line("grid", left, y, Right, y);
            yield return SvgShapes.Text(left - 6, y + 4, "end", ChartAxis.Label(tick));
        }

        yield return SvgShapes.Text(left + (plotWidth / 2), height - 8, "middle", "step");
        var (nameX, nameY) = (Margin + 6, top + (plotHeight / 2));
        yield return SvgShapes.Text(nameX, nameY, "middle", lossName, SvgShapes.Upwards(nameX, nameY));
    }

    private IEnumerable<XElement> Draw(LossSeries line)
    {
        var thin = ChartContent.Thin(line.Points, (int)plotWidth);
        if (thin.Count > 1)
            yield return SvgShapes.Curve(LossLegend.ClassOf(line), thin.Select(point => (X(point), Y(point))));
        if (line.Points.Count == 1 || (line.Role == LossRole.Validation && line.Points.Count <= 100))
        {
            foreach (var point in line.Points)
                yield return SvgShapes.Dot($"dot {ChartColors.ClassOf(line.Color)}", X(point), Y(point));
        }
    }

    /// <summary>Areas side by side that show the values of a step; each reaches half way to its neighbours.</summary>
    private IEnumerable<XElement> Hovers()
    {
        var columns = Math.Max(1, (int)Math.Min(HoverColumns, plotWidth) / (2 * series.Count));
        double[] stops =
        [
            .. series.SelectMany(line => ChartContent.Thin(line.Points, columns)).Select(point => point.Step).Distinct().Order(),
        ];
        var values = series.Select(line => (line.Label, Points: line.Points.ToLookup(point => point.Step))).ToArray();
        for (var i = 0; i < stops.Length; i++)
        {
            var place = X(new ChartPoint(stops[i], 0));
            var from = i == 0 ? left : (X(new ChartPoint(stops[i - 1], 0)) + place) / 2;
            var to = i == stops.Length - 1 ? Right : (X(new ChartPoint(stops[i + 1], 0)) + place) / 2;
            var texts = values.SelectMany(line => line.Points[stops[i]].Select(point => $"{line.Label} {SvgShapes.Value(point.Loss)}"));
            var tip = SvgShapes.Tip($"step {SvgShapes.Value(stops[i])}: {string.Join(", ", texts)}");
            yield return SvgShapes.Rectangle("hover", from, top, to - from, plotHeight, tip);
        }
    }
}
