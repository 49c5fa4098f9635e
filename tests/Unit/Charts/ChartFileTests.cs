using System.Globalization;
using System.Xml.Linq;
using PsGpt.Charts;
using PsGpt.Tensors;
using PsGpt.Unit.Formats;

namespace PsGpt.Unit.Charts;

public sealed class ChartFileTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a <script>alert('x')</script> & \"b\"")]
    [InlineData("null \0, bell \u0007, half a pair \uD800, whole \U0001F600, none \uFFFF")]
    public void Any_title_is_text_and_nothing_else(string title)
    {
        var clean = title.Replace('\0', '\uFFFD').Replace('\u0007', '\uFFFD').Replace('\uD800', '\uFFFD').Replace('\uFFFF', '\uFFFD');
        foreach (var (name, chart) in Charts().Select(chart => (chart.GetType().Name, chart with { Title = title })))
        {
            ChartFile.Write(chart, folder[name + ".svg"]);
            var document = XDocument.Load(folder[name + ".svg"]);
            Assert.Equal(clean, document.Root!.Element(Svg + "title")!.Value);
            Assert.Empty(document.Descendants(Svg + "script"));

            ChartFile.Write(chart, folder[name + ".html"]);
            Assert.DoesNotContain("<script>alert", File.ReadAllText(folder[name + ".html"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_label_of_a_tensor_cannot_end_the_data_of_a_page()
    {
        var tensor = new GptTensor(
            "</script><b>", role: null, new TensorMemory.Managed([1, 2]), TensorLayout.RowMajor([2]),
            [new TensorAxis("a", ["</script>", "<!--"])]);
        ChartFile.Write(new HeatMapChart([tensor]), folder["map.html"]);
        var text = File.ReadAllText(folder["map.html"]);
        Assert.Equal(2, text.Split("</script>").Length - 1);
        Assert.DoesNotContain("<!--", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_needs_nothing_else()
    {
        foreach (var chart in Charts())
        {
            ChartFile.Write(chart, folder["page.html"], overwrite: true);
            var text = File.ReadAllText(folder["page.html"]);
            Assert.DoesNotMatch(@"(src|href)\s*=|@import|url\(|https?://(?!www\.w3\.org/2000/svg)", text);
            Assert.Contains("prefers-color-scheme:dark", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_is_replaced_only_when_asked_and_nothing_is_left_beside_it()
    {
        File.WriteAllText(folder["loss.svg"], "old");
        var chart = TextChartTests.Chart(1);
        Assert.Equal("TargetExists", ErrorOf(() => ChartFile.Write(chart, folder["loss.svg"])));
        Assert.Equal("ChartEmpty", ErrorOf(() => ChartFile.Write(TextChartTests.Chart(), folder["loss.svg"], overwrite: true)));
        Assert.Equal("ChartEmpty", ErrorOf(() => ChartFile.Write(new HeatMapChart([]), folder["loss.svg"], overwrite: true)));
        Assert.Equal("old", File.ReadAllText(folder["loss.svg"]));
        ChartFile.Write(chart, folder["loss.svg"], overwrite: true);
        Assert.StartsWith("<svg", File.ReadAllText(folder["loss.svg"]), StringComparison.Ordinal);
        Assert.Equal("ChartFormatUnknown", ErrorOf(() => ChartFile.Write(chart, folder["loss.png"])));
        Assert.Equal("WriteFailed", ErrorOf(() => ChartFile.Write(chart, Path.Join(folder["loss.svg"], "x.svg"))));
        Assert.Equal([folder["loss.svg"]], Directory.GetFiles(Path.GetDirectoryName(folder["loss.svg"])!));
    }

    [Theory]
    [InlineData("map.svg")]
    [InlineData("map.html")]
    public void A_cancelled_chart_leaves_no_file(string name)
    {
        Assert.Throws<OperationCanceledException>(
            () => ChartFile.Write(Charts()[1], folder[name], overwrite: false, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(folder[name])!));
    }

    [Fact]
    public void Numbers_know_no_country()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "−" } };
            foreach (var (i, chart) in Charts().Index())
            {
                ChartFile.Write(chart, folder[$"{i}.svg"]);
                var texts = XDocument.Load(folder[$"{i}.svg"]).Descendants(Svg + "title").Select(title => title.Value);
                Assert.Contains(i == 0 ? "step 2: loss -0.25, validation 0.75" : "row 1, column 0: -0.25", texts);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_format_of_another_assembly_is_asked_only_for_charts_that_it_draws()
    {
        var format = new PointFormat();
        ChartCatalog.Registry.Register(format);
        try
        {
            ChartFile.Write(TextChartTests.Chart(3, 1), folder["loss.points"]);
            Assert.Equal("3 1", File.ReadAllText(folder["loss.points"]));
            var error = Assert.Throws<GptException>(() => ChartFile.Write(Charts()[1], folder["map.points"]));
            Assert.Equal("ChartFormatUnknown", error.ErrorId);
            Assert.Contains(".svg", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(".points,", error.Message, StringComparison.Ordinal);
            Assert.Equal("PluginFailed", ErrorOf(() => ChartFile.Write(TextChartTests.Chart(-1), folder["bad.points"])));
        }
        finally
        {
            ChartCatalog.Registry.Unregister(format.Name);
        }
    }

    internal static Chart[] Charts()
    {
        var curve = TextChartTests.Curve(1.5, -0.25);
        curve.AddValidation(2, 0.75);
        return [new LossChart([new LossRun("a", curve)]), new HeatMapChart([new GptTensor("t", [2, 2], [1, 2, -0.25f, 0.5f])])];
    }

    private static string ErrorOf(Action action) => Assert.Throws<GptException>(action).ErrorId;

    /// <summary>A format that knows nothing of heat maps.</summary>
    private sealed class PointFormat : IChartFormat
    {
        public string Name => "points";

        public string Description => "The losses alone.";

        public IReadOnlyList<string> Extensions { get; } = [".points"];

        public string ToText(Chart chart, CancellationToken cancellationToken)
        {
            var losses = ((LossChart)chart).Runs[0].Curve.Training.Select(point => point.Loss).ToArray();
            return losses[0] < 0 ? throw new InvalidOperationException("no") : string.Join(' ', losses);
        }
    }
}
