using System.Globalization;
using System.Xml.Linq;
using PsGpt.Charts;
using PsGpt.Unit.Formats;

namespace PsGpt.Unit.Charts;

public sealed class ChartFileTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_points_are_where_their_values_are()
    {
        var curve = TextChartTests.Curve(3, 1, 2);
        curve.AddValidation(3, 1);
        ChartFile.Write(curve, folder["loss.svg"], new ChartOptions());
        var line = XDocument.Load(folder["loss.svg"]).Descendants(Svg + "polyline").Single();
        Assert.Equal("70,50 425,400 780,225", (string?)line.Attribute("points"));
        var dot = XDocument.Load(folder["loss.svg"]).Descendants(Svg + "circle").Single();
        Assert.Equal(("780", "400"), ((string?)dot.Attribute("cx"), (string?)dot.Attribute("cy")));
    }

    [Fact]
    public void Values_show_under_the_pointer_and_numbers_know_no_country()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "−" } };
            var curve = TextChartTests.Curve(1.5, -0.25);
            curve.AddValidation(2, 0.75);
            var texts = SvgChart.ToElement(curve, new ChartOptions()).Descendants(Svg + "rect").Select(area => (string?)area.Element(Svg + "title")).Where(text => text is not null);
            Assert.Equal(["step 1: loss 1.5", "step 2: loss -0.25, validation 0.75"], texts);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Theory]
    [InlineData("a <script>alert('x')</script> & \"b\"")]
    [InlineData("null \0, bell \u0007, half a pair \uD800, whole \U0001F600, none \uFFFF")]
    public void Any_title_is_text_and_nothing_else(string title)
    {
        ChartFile.Write(TextChartTests.Curve(2, 1), folder["loss.svg"], new ChartOptions { Title = title });
        var document = XDocument.Load(folder["loss.svg"]);
        var clean = title.Replace('\0', '\uFFFD').Replace('\u0007', '\uFFFD').Replace('\uD800', '\uFFFD').Replace('\uFFFF', '\uFFFD');
        Assert.Equal(clean, document.Root!.Element(Svg + "title")!.Value);
        Assert.Empty(document.Descendants(Svg + "script"));

        ChartFile.Write(TextChartTests.Curve(2, 1), folder["loss.html"], new ChartOptions { Title = title });
        Assert.DoesNotContain("<script>alert", File.ReadAllText(folder["loss.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_needs_nothing_else()
    {
        ChartFile.Write(TextChartTests.Curve(2, 1), folder["loss.html"], new ChartOptions());
        var text = File.ReadAllText(folder["loss.html"]);
        Assert.DoesNotMatch(@"(src|href)\s*=|@import|url\(|https?://(?!www\.w3\.org/2000/svg)", text);
        Assert.Contains("prefers-color-scheme:dark", text, StringComparison.Ordinal);
        var svg = text[text.IndexOf("<svg", StringComparison.Ordinal)..(text.IndexOf("</svg>", StringComparison.Ordinal) + 6)];
        Assert.Equal("svg", XElement.Parse(svg).Name.LocalName);
    }

    [Fact]
    public void A_long_run_is_thinned_and_keeps_its_peaks()
    {
        var losses = Enumerable.Range(0, 100_000).Select(i => i == 51_234 ? 50.0 : 3.0 + Math.Sin(i)).ToArray();
        var svg = SvgChart.ToElement(TextChartTests.Curve(losses), new ChartOptions());
        var points = ((string)svg.Element(Svg + "polyline")!.Attribute("points")!).Split(' ');
        Assert.InRange(points.Length, 700, 1500);
        Assert.Contains(points, point => point.EndsWith(",50", StringComparison.Ordinal));
        Assert.InRange(svg.ToString().Length, 1, 200_000);
    }

    [Fact]
    public void One_step_is_a_dot_and_one_that_is_no_number_is_told()
    {
        var curve = TextChartTests.Curve(2, double.NaN);
        var svg = SvgChart.ToElement(curve, new ChartOptions { IsLogarithmic = true });
        Assert.Single(svg.Elements(Svg + "circle"));
        Assert.Contains(svg.Elements(Svg + "text"), text => text.Value.StartsWith("1 not shown", StringComparison.Ordinal));
        Assert.DoesNotContain("NaN,", svg.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_there_is_replaced_only_when_asked_and_nothing_is_left_beside_it()
    {
        File.WriteAllText(folder["loss.svg"], "old");
        Assert.Equal("TargetExists", ErrorOf(() => ChartFile.Write(TextChartTests.Curve(1), folder["loss.svg"], new ChartOptions())));
        Assert.Equal("ChartEmpty", ErrorOf(() => ChartFile.Write(new LossCurve(), folder["loss.svg"], new ChartOptions(), overwrite: true)));
        Assert.Equal("old", File.ReadAllText(folder["loss.svg"]));
        ChartFile.Write(TextChartTests.Curve(1), folder["loss.svg"], new ChartOptions(), overwrite: true);
        Assert.StartsWith("<svg", File.ReadAllText(folder["loss.svg"]), StringComparison.Ordinal);
        Assert.Equal("ChartFormatUnknown", ErrorOf(() => ChartFile.Write(TextChartTests.Curve(1), folder["loss.png"], new ChartOptions())));
        Assert.Equal("WriteFailed", ErrorOf(() => ChartFile.Write(TextChartTests.Curve(1), Path.Join(folder["loss.svg"], "x.svg"), new ChartOptions())));
        Assert.Equal([folder["loss.svg"]], Directory.GetFiles(Path.GetDirectoryName(folder["loss.svg"])!));
    }

    private static string ErrorOf(Action action) => Assert.Throws<GptException>(action).ErrorId;
}
