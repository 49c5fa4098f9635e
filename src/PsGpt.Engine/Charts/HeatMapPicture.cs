using System.Globalization;
using System.Xml.Linq;
using PsGpt.Tensors;

namespace PsGpt.Charts;

/// <summary>Tensors as a picture: their maps one below the other, two in a row where a tensor has several.</summary>
internal sealed class HeatMapPicture
{
    private const int MostMaps = 64, MostSide = 64, MostCells = 1 << 15;
    private const double Width = 460, Margin = 12, TitleSize = 17, LineHeight = 20, Gap = 16;
    private const int RampLength = 64;

    private readonly List<XElement> elements = [];
    private double y = Margin;

    /// <exception cref="GptException"><c>ChartEmpty</c>, <c>ChartTooLarge</c>.</exception>
    public static XElement ToElement(HeatMapChart chart, CancellationToken cancellationToken = default)
    {
        var tensors = HeatMapContent.Require(chart, MostMaps, MostSide, MostCells, cancellationToken);
        var title = HeatMapContent.TitleOf(chart);
        var picture = new HeatMapPicture();
        foreach (var line in chart.Title is null ? [] : SvgShapes.Wrap(title, Width - (2 * Margin), TitleSize, mostLines: 3))
            picture.AddLine(SvgShapes.Text(Margin, picture.y + 14, "start", line, new XAttribute("class", "title")), LineHeight + 4);
        foreach (var (tensor, maps) in tensors)
            picture.Add(tensor, maps);
        return SvgShapes.Picture(
            Width, picture.y, title, ChartStyle.Maps, SvgShapes.Rectangle("paper", 0, 0, Width, picture.y), picture.elements);
    }

    private void Add(GptTensor tensor, IReadOnlyList<HeatMap> maps)
    {
        var map = maps[0];
        var block = map.Block == (1, 1) ? "" : string.Create(
            CultureInfo.InvariantCulture, $": a cell is the mean of {map.Block.Rows} × {map.Block.Columns} values");
        foreach (var line in SvgShapes.Wrap($"{tensor}{block}", Width - (2 * Margin), 13, mostLines: 2))
            AddLine(SvgShapes.Text(Margin, y + 13, "start", line), LineHeight);
        AddScale(map);
        var inRow = maps.Count > 1 ? 2 : 1;
        var width = (Width - Margin - (inRow * Margin)) / inRow;
        foreach (var row in maps.Chunk(inRow))
        {
            HeatMapPanel[] panels = [.. row.Select((item, i) => new HeatMapPanel(item, tensor, Margin + (i * (width + Margin)), y, width))];
            elements.AddRange(panels.SelectMany(panel => panel.Elements()));
            y += panels.Max(panel => panel.Height) + Gap;
        }
    }

    /// <summary>The colours between the ends of the scale, and the names of the axes.</summary>
    private void AddScale(HeatMap map)
    {
        var (low, high) = (HeatMapContent.Number(map.Scale.Low), HeatMapContent.Number(map.Scale.High));
        var x = Margin + SvgShapes.WidthOf(low, 12) + 4;
        elements.Add(SvgShapes.Text(Margin, y + 11, "start", low, new XAttribute("class", "label")));
        elements.AddRange(map.Scale.Palette(RampLength).Select((color, i) =>
            SvgShapes.Rectangle("ramp", x + (i * 2), y + 2, 2.5, 11, new XAttribute("fill", color))));
        x += (RampLength * 2) + 6;
        elements.Add(SvgShapes.Text(x, y + 11, "start", high, new XAttribute("class", "label")));
        if (map.RowAxis is not null || map.ColumnAxis is not null)
        {
            var axes = $"rows: {map.RowAxis ?? "row"}, columns: {map.ColumnAxis ?? "column"}";
            elements.Add(SvgShapes.Text(Width - Margin, y + 11, "end", axes, new XAttribute("class", "label")));
        }

        y += LineHeight + 4;
    }

    private void AddLine(XElement text, double height)
    {
        elements.Add(text);
        y += height;
    }
}
