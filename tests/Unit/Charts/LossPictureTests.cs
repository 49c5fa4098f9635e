using System.Globalization;
using System.Xml.Linq;
using PsGpt.Charts;

namespace PsGpt.Unit.Charts;

public sealed class LossPictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Places are compared with each other and with the grid, whose lines stand at round values.</summary>
    [Fact]
    public void The_points_are_where_their_values_are()
    {
        var curve = TextChartTests.Curve(3, 1, 2);
        curve.AddValidation(3, 1);
        var drawing = Wide(new LossChart([new LossRun("a", curve)]));
        var points = Points(drawing.Descendants(Svg + "polyline").Single());
        var grid = drawing.Elements(Svg + "line").Where(line => (string?)line.Attribute("class") == "grid").ToArray();
        var levels = grid.Where(line => Number(line, "y1") == Number(line, "y2")).Select(line => Number(line, "y1")).Order().ToArray();
        Assert.Equal(levels[0], points[0].Y, 0.01);
        Assert.Equal(levels[^1], points[1].Y, 0.01);
        Assert.Equal((levels[0] + levels[^1]) / 2, points[2].Y, 0.01);
        Assert.Equal((points[0].X + points[2].X) / 2, points[1].X, 0.01);
        var dot = drawing.Elements(Svg + "circle").Single();
        Assert.Equal((points[2].X, points[1].Y), (Number(dot, "cx"), Number(dot, "cy")));
    }

    [Fact]
    public void Title_axes_and_lines_have_names()
    {
        var texts = Texts(Wide(TextChartTests.Chart(3, 1) with { IsLogarithmic = true }));
        Assert.Contains("Loss of the run", texts);
        Assert.Contains("step", texts);
        Assert.Contains("loss (nats, logarithmic)", texts);
        Assert.Contains("training", texts);
    }

    [Fact]
    public void Values_show_under_the_pointer()
    {
        var curve = TextChartTests.Curve(1.5, 0.25);
        curve.AddValidation(2, 0.75);
        var tips = Tips(Wide(new LossChart([new LossRun("a", curve)])));
        Assert.Equal(["step 1: loss 1.5", "step 2: loss 0.25, validation 0.75"], tips);
    }

    /// <summary>The debiased average by its definition: Σ w^(n−i) x_i / Σ w^(n−i).</summary>
    [Fact]
    public void A_noisy_line_lies_faint_behind_its_average()
    {
        double[] losses = [4, 2, 3, 1];
        const double Weight = 0.75;
        var expected = Enumerable.Range(1, losses.Length).Select(count =>
            losses.Take(count).Select((loss, i) => loss * Math.Pow(Weight, count - 1 - i)).Sum()
            / Enumerable.Range(0, count).Sum(i => Math.Pow(Weight, i)));
        var drawing = Wide(TextChartTests.Chart(losses) with { Smoothing = Weight });
        Assert.Equal(["line eachstep c0", "line smoothed c0"], Classes(drawing));
        var smoothed = Tips(drawing).Select(tip => double.Parse(tip.Split("smoothed ")[1], CultureInfo.InvariantCulture));
        Assert.All(expected.Zip(smoothed), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [InlineData(49, null, 1)]
    [InlineData(50, null, 2)]
    [InlineData(50, 0.0, 1)]
    public void A_long_run_is_smoothed_unless_the_user_says_otherwise(int count, double? smoothing, int lines)
    {
        var losses = Enumerable.Range(0, count).Select(i => 3 + Math.Sin(i)).ToArray();
        Assert.Equal(lines, Wide(TextChartTests.Chart(losses) with { Smoothing = smoothing }).Elements(Svg + "polyline").Count());
    }

    [Fact]
    public void Several_runs_have_a_line_a_colour_and_a_name_each()
    {
        var runs = new LossRuns();
        foreach (var loss in new[] { 3.0, 2 })
            runs.Add(null, 4 - loss, loss, validationLoss: loss + 1);
        foreach (var loss in new[] { 3.0, 1 })
            runs.Add(null, loss == 3 ? 1 : 2, loss);
        var drawing = Wide(new LossChart(runs.ToList(["adamw", "muon"])));
        Assert.Equal(["line training c0", "line training c1", "line validation c0"], Classes(drawing));
        Assert.Contains("step 2: adamw 2, muon 1, adamw validation 3", Tips(drawing));
        Assert.Subset(Texts(drawing), new HashSet<string> { "adamw", "muon", "validation" });
    }

    [Fact]
    public void Every_line_of_the_legend_is_drawn_as_in_the_chart_also_after_the_last_colour()
    {
        var runs = Enumerable.Range(0, 9).Select(i => new LossRun($"run {i}", TextChartTests.Curve(3, i))).ToArray();
        var drawing = Wide(new LossChart(runs));
        string[] legend =
            [.. drawing.Elements(Svg + "line").Select(line => (string)line.Attribute("class")!).Where(name => name != "grid")];
        Assert.Equal(Classes(drawing), legend);
        Assert.Equal(9, legend.Distinct().Count());
    }

    /// <summary>A text of 13 pixels is centred on its row where its baseline lies 4 to 5 below the middle.</summary>
    [Fact]
    public void The_rows_of_a_legend_stand_below_each_other()
    {
        var runs = Enumerable.Range(0, 5).Select(i => new LossRun($"run {i}", TextChartTests.Curve(3, i))).ToArray();
        var legend = new LossLegend(LossSeries.Of(runs, smoothing: 0), runs, width: 10);
        Assert.Equal(5, legend.RowCount);
        double[] middles = [110, 130, 150, 170, 190];
        var elements = legend.Elements(left: 0, top: 100).ToArray();
        Assert.Equal(middles, elements.Where(element => element.Name == Svg + "line").Select(line => Number(line, "y1")));
        var baselines = elements.Where(element => element.Name == Svg + "text").Select(text => Number(text, "y"));
        Assert.Equal(middles.Select(middle => middle + 4), baselines);
    }

    [Fact]
    public void A_long_run_is_thinned_and_keeps_its_peaks()
    {
        var losses = Enumerable.Range(0, 100_000).Select(i => i == 51_234 ? 50.0 : 3.0 + Math.Sin(i)).ToArray();
        var svg = LossPicture.ToElement(TextChartTests.Chart(losses) with { Smoothing = 0 });
        var points = Points(Wide(svg).Elements(Svg + "polyline").Single());
        Assert.InRange(points.Length, 700, 1500);
        Assert.Single(points, point => point.Y == points.Min(other => other.Y));
        Assert.InRange(svg.ToString().Length, 1, 200_000);
    }

    [Fact]
    public void One_step_is_a_dot_and_one_that_is_no_number_is_reported()
    {
        var svg = Wide(TextChartTests.Chart(2, double.NaN) with { IsLogarithmic = true });
        Assert.Single(svg.Elements(Svg + "circle"));
        Assert.Contains(svg.Elements(Svg + "text"), text => text.Value.StartsWith("1 not shown", StringComparison.Ordinal));
        Assert.DoesNotContain("NaN,", svg.ToString(), StringComparison.Ordinal);
    }

    private static XElement Wide(LossChart chart) => Wide(LossPicture.ToElement(chart));

    private static XElement Wide(XElement svg) => svg.Elements(Svg + "g").Single(group => (string?)group.Attribute("class") == "wide");

    private static string[] Classes(XElement drawing) =>
        [.. drawing.Elements(Svg + "polyline").Select(line => (string)line.Attribute("class")!)];

    private static HashSet<string> Texts(XElement drawing) => [.. drawing.Elements(Svg + "text").Select(text => text.Value)];

    private static string[] Tips(XElement drawing) =>
        [.. drawing.Elements(Svg + "rect").Elements(Svg + "title").Select(title => title.Value)];

    private static (double X, double Y)[] Points(XElement polyline) => [.. ((string)polyline.Attribute("points")!).Split(' ')
        .Select(point => point.Split(',')).Select(parts => (Parse(parts[0]), Parse(parts[1])))];

    private static double Number(XElement element, string name) => Parse((string)element.Attribute(name)!);

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
