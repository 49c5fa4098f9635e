using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace PsGpt.Charts;

/// <summary>Draws the curve of a run as scalable vector graphics, light or dark as the viewer is.</summary>
public static class SvgChart
{
    private const int Width = 800, Height = 450, Left = 70, Right = 20, Top = 50, Bottom = 50;
    private const int PlotWidth = Width - Left - Right, PlotHeight = Height - Top - Bottom;
    private const int HoverColumns = 400;

    // Colours stand in the rules themselves: many viewers know no variables.
    private const string Style =
        "svg{font:13px system-ui,sans-serif}.paper{fill:#fff}text{fill:#24292f}.grid{stroke:#d0d7de}"
        + ".training,.validation{fill:none;stroke-width:1.5;stroke-linejoin:round}.training{stroke:#0969da}.validation{stroke:#cf222e}"
        + ".dot.training{fill:#0969da}.dot.validation{fill:#cf222e}.hover{fill:#808080;fill-opacity:0}.hover:hover{fill-opacity:.2}"
        + "@media(prefers-color-scheme:dark){.paper{fill:#0d1117}text{fill:#e6edf3}.grid{stroke:#30363d}"
        + ".training{stroke:#58a6ff}.validation{stroke:#ff7b72}.dot.training{fill:#58a6ff}.dot.validation{fill:#ff7b72}}";

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>The chart as one element. Values show where the pointer rests.</summary>
    /// <exception cref="GptException"><c>ChartEmpty</c>: there is no loss that could be shown.</exception>
    public static XElement ToElement(LossCurve curve, ChartOptions options)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentNullException.ThrowIfNull(options);
        var shown = ChartContent.Require(curve, options.IsLogarithmic);
        var steps = new ChartAxis(shown.Points.Select(point => point.Step), mostTicks: 10, leastInterval: 1);
        var losses = new ChartAxis(shown.Points.Select(point => point.Loss), mostTicks: 8, isLogarithmic: options.IsLogarithmic);
        double X(double step) => Left + (PlotWidth * steps.Share(step));
        double Y(double loss) => Top + (PlotHeight * (1 - losses.Share(loss)));
        return new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Width} {Height}"), new XAttribute("role", "img"),
            new XElement(Svg + "title", Clean(options.Title ?? "Loss")),
            new XElement(Svg + "style", Style),
            new XElement(Svg + "rect", new XAttribute("class", "paper"), Box(0, 0, Width, Height)),
            options.Title is null ? null : Text(Width / 2.0, 28, "middle", Clean(options.Title), new XAttribute("font-size", 18)),
            steps.Ticks.Select(tick => Tick(X(tick), Top, X(tick), Top + PlotHeight,
                Text(X(tick), Top + PlotHeight + 18, "middle", ChartAxis.Label(tick)))),
            losses.Ticks.Select(tick => Tick(Left, Y(tick), Left + PlotWidth, Y(tick),
                Text(Left - 8, Y(tick) + 4, "end", ChartAxis.Label(tick)))),
            Text(Left + (PlotWidth / 2.0), Height - 10, "middle", "step"),
            Series(shown.Training, "training"),
            Series(shown.Validation, "validation"),
            Legend(shown),
            Hovers());

        IEnumerable<XElement> Series(IReadOnlyList<ChartPoint> points, string name)
        {
            var thin = ChartContent.Thin(points, PlotWidth);
            if (thin.Count > 1)
            {
                var places = string.Join(' ', thin.Select(point => $"{Number(X(point.Step))},{Number(Y(point.Loss))}"));
                yield return new XElement(Svg + "polyline", new XAttribute("class", name), new XAttribute("points", places));
            }

            if (points.Count == 1 || (name == "validation" && points.Count <= 100))
            {
                foreach (var point in points)
                    yield return new XElement(Svg + "circle", new XAttribute("class", $"dot {name}"),
                        Attributes(("cx", X(point.Step)), ("cy", Y(point.Loss)), ("r", 3)));
            }
        }

        IEnumerable<XElement> Hovers()
        {
            var training = ChartContent.Thin(shown.Training, HoverColumns / 2).Select(point => (point, text: $"loss {Value(point.Loss)}"));
            var validation = ChartContent.Thin(shown.Validation, HoverColumns / 2)
                .Select(point => (point, text: $"validation {Value(point.Loss)}"));
            var stops = training.Concat(validation).GroupBy(item => item.point.Step).OrderBy(group => group.Key)
                .Select(group => (X: X(group.Key), Text: $"step {Value(group.Key)}: {string.Join(", ", group.Select(item => item.text))}"))
                .ToArray();
            for (var i = 0; i < stops.Length; i++)
            {
                // Each reaches half way to its neighbours.
                var from = i == 0 ? Left : (stops[i - 1].X + stops[i].X) / 2;
                var to = i == stops.Length - 1 ? Left + PlotWidth : (stops[i].X + stops[i + 1].X) / 2;
                yield return new XElement(Svg + "rect", new XAttribute("class", "hover"), Box(from, Top, to - from, PlotHeight),
                    new XElement(Svg + "title", stops[i].Text));
            }
        }
    }

    private static IEnumerable<XElement> Legend(LossCurve curve)
    {
        var place = Left + 10.0;
        foreach (var (name, count) in new[] { ("training", curve.Training.Count), ("validation", curve.Validation.Count) })
        {
            if (count == 0)
                continue;
            yield return Line(place, 40, place + 20, 40, name);
            yield return Text(place + 26, 44, "start", name);
            place += 110;
        }

        if (curve.OmittedCount > 0)
        {
            var omitted = string.Create(CultureInfo.InvariantCulture, $"{curve.OmittedCount} not shown (NaN or infinite)");
            yield return Text(place, 44, "start", omitted);
        }
    }

    private static object[] Tick(double x1, double y1, double x2, double y2, XElement label) => [Line(x1, y1, x2, y2, "grid"), label];

    private static XElement Line(double x1, double y1, double x2, double y2, string name) =>
        new(Svg + "line", new XAttribute("class", name), Attributes(("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)));

    private static XElement Text(double x, double y, string anchor, string text, XAttribute? more = null) =>
        new(Svg + "text", Attributes(("x", x), ("y", y)), new XAttribute("text-anchor", anchor), more, text);

    private static XAttribute[] Box(double x, double y, double width, double height) =>
        Attributes(("x", x), ("y", y), ("width", Math.Max(0, width)), ("height", height));

    private static XAttribute[] Attributes(params (string Name, double Value)[] values) =>
        [.. values.Select(value => new XAttribute(value.Name, Number(value.Value)))];

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Value(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>Some characters have no place in XML, not even escaped.</summary>
    private static string Clean(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune =>
            rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString()));
}
