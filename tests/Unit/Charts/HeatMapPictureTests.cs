using System.Globalization;
using System.Xml.Linq;
using PsGpt.Charts;
using PsGpt.Tensors;

namespace PsGpt.Unit.Charts;

public sealed class HeatMapPictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Each_cell_has_its_colour_and_its_value_under_the_pointer()
    {
        var cells = Cells(new GptTensor("t", [2, 2], [-1, 0, 1, 0.5f]));
        Assert.Equal(["#2166ac", "#f7f7f7", "#b2182b", "#f4a582"], cells.Select(cell => (string)cell.Attribute("fill")!));
        Assert.Equal(
            ["row 0, column 0: -1", "row 0, column 1: 0", "row 1, column 0: 1", "row 1, column 1: 0.5"],
            cells.Select(cell => cell.Element(Svg + "title")!.Value));
    }

    [Fact]
    public void Heads_are_named_and_cells_have_the_names_of_axes_and_tokens()
    {
        var picture = HeatMapPicture.ToElement(new HeatMapChart([Attention()]));
        var texts = picture.Elements(Svg + "text").Select(text => text.Value).ToArray();
        Assert.Subset(texts.ToHashSet(), new HashSet<string> { "head 0", "head 1", "a", "·b", "rows: query, columns: key" });
        Assert.Contains(
            "query 1 '·b', key 0 'a': 7", picture.Elements(Svg + "rect").Elements(Svg + "title").Select(title => title.Value));
    }

    [Fact]
    public void A_large_matrix_is_averaged_and_says_so()
    {
        var picture = HeatMapPicture.ToElement(new HeatMapChart([new GptTensor("w", [130, 3], new float[390])]));
        Assert.Equal(44 * 3, picture.Elements(Svg + "rect").Count(cell => (string?)cell.Attribute("class") == "cell"));
        Assert.Contains(picture.Elements(Svg + "text"), text => text.Value == "w (130 x 3): a cell is the mean of 3 × 1 values");
        Assert.Contains(picture.Elements(Svg + "rect").Elements(Svg + "title"), title => title.Value == "row 129, column 2: 0");
    }

    [Fact]
    public void The_lines_of_a_long_title_stand_below_each_other_within_the_picture()
    {
        const double FontSize = 17;
        var chart = new HeatMapChart([new GptTensor("w", [1], [1])]) { Title = string.Concat(Enumerable.Repeat("a b c ", 30)) };
        var texts = HeatMapPicture.ToElement(chart).Elements(Svg + "text").ToArray();
        var title = texts.TakeWhile(text => (string?)text.Attribute("class") == "title").ToArray();
        Assert.Equal(3, title.Length);
        Assert.All(title, line => Assert.InRange(SvgShapes.WidthOf(line.Value, FontSize), 0, 460 - (2 * 12)));
        double[] baselines =
            [.. texts.Take(title.Length + 1).Select(text => double.Parse((string)text.Attribute("y")!, CultureInfo.InvariantCulture))];

        // Letters rise above their baseline by about 0.8 of the size.
        Assert.True(baselines[0] >= 0.8 * FontSize);
        Assert.All(baselines.Zip(baselines.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, FontSize, 2 * FontSize));
    }

    [Fact]
    public void More_maps_than_a_picture_has_room_for_are_an_error()
    {
        var chart = new HeatMapChart([new GptTensor("t", [65, 1, 1], new float[65])]);
        Assert.Equal("ChartTooLarge", Assert.Throws<GptException>(() => HeatMapPicture.ToElement(chart)).ErrorId);
        Assert.Contains("\"place\":\"64\"", HeatMapPage.ToText(chart), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_is_titled_by_its_tensors_and_offers_layers_where_they_differ_in_nothing_else()
    {
        GptTensor[] layers = [.. Enumerable.Range(0, 3).Select(i => new GptTensor($"h.{i}.att", [1], [i]))];
        Assert.Contains("<title>att in 3 layers</title>", HeatMapPage.ToText(new HeatMapChart(layers)), StringComparison.Ordinal);
        Assert.Contains("\"choice\":\"Layer\"", HeatMapPage.ToText(new HeatMapChart(layers)), StringComparison.Ordinal);
        var mixed = HeatMapPage.ToText(new HeatMapChart([.. layers, new GptTensor("h.0.qkv", [1], [1])]));
        Assert.Contains("\"choice\":\"Tensor\"", mixed, StringComparison.Ordinal);
        Assert.Contains("<title>h.0.att and 3 more</title>", mixed, StringComparison.Ordinal);
    }

    private static GptTensor Attention() => new(
        "h.0.att", role: null, new TensorMemory.Managed([1, 2, 3, 4, 5, 6, 7, 8]), TensorLayout.RowMajor([2, 2, 2]),
        [new TensorAxis("head", ["0", "1"]), new TensorAxis("query", ["a", " b"]), new TensorAxis("key", ["a", " b"])]);

    private static XElement[] Cells(GptTensor tensor) =>
    [
        .. HeatMapPicture.ToElement(new HeatMapChart([tensor])).Elements(Svg + "rect")
            .Where(cell => (string?)cell.Attribute("class") == "cell"),
    ];
}
