using System.Xml.Linq;
using PsGpt.Tensors;

namespace PsGpt.Charts;

/// <summary>
/// One map of a picture: its name, the labels of its columns and rows, and its cells with their values under the pointer.
/// </summary>
internal sealed class HeatMapPanel
{
    private const double FontSize = 12, MostCell = 24, LeastRow = 14, MostHeight = 480;
    private const double MostLabel = 90, Gap = 4, NameHeight = 18;

    private readonly HeatMap map;
    private readonly GptTensor tensor;
    private readonly double left, top, cellWidth, cellHeight;

    public HeatMapPanel(HeatMap map, GptTensor tensor, double x, double y, double width)
    {
        (this.map, this.tensor) = (map, tensor);
        var labelWidth = Math.Min(map.RowLabels.Max(label => SvgShapes.WidthOf(label, FontSize)), MostLabel);
        var header = Math.Min(map.ColumnLabels.Max(label => SvgShapes.WidthOf(label, FontSize)), MostLabel);
        (left, top) = (x + labelWidth + Gap, y + (map.PlaceName.Length > 0 ? NameHeight : 0) + header + Gap);
        var (rows, columns) = (map.RowLabels.Count, map.ColumnLabels.Count);
        cellWidth = Math.Min(Math.Min(MostCell, (width - labelWidth - Gap) / columns), MostHeight / rows);

        // A map of few rows and many columns would be too low for the labels of its rows.
        cellHeight = rows == columns ? cellWidth : Math.Max(cellWidth, Math.Min(LeastRow, MostHeight / rows));
        Height = top + (cellHeight * rows) - y;
        Name = SvgShapes.Text(x, y + 12, "start", map.PlaceName);
    }

    public double Height { get; }

    private XElement Name { get; }

    public IEnumerable<XElement> Elements()
    {
        if (map.PlaceName.Length > 0)
            yield return Name;

        // Labels that would touch their neighbours are left out.
        for (var column = 0; column < map.ColumnLabels.Count; column += (int)Math.Ceiling((FontSize + 1) / cellWidth))
        {
            var (x, y) = (left + ((column + 0.5) * cellWidth) + (FontSize / 3), top - Gap);
            yield return Label(x, y, "start", map.ColumnLabels[column], SvgShapes.Upwards(x, y));
        }

        for (var row = 0; row < map.RowLabels.Count; row += (int)Math.Ceiling((FontSize + 1) / cellHeight))
            yield return Label(left - Gap, top + ((row + 0.5) * cellHeight) + (FontSize / 3), "end", map.RowLabels[row]);
        for (var row = 0; row < map.RowLabels.Count; row++)
        {
            for (var column = 0; column < map.ColumnLabels.Count; column++)
                yield return Cell(row, column);
        }
    }

    private XElement Cell(int row, int column)
    {
        var value = map.Rows[row][column];
        return SvgShapes.Rectangle(
            "cell", left + (column * cellWidth), top + (row * cellHeight), cellWidth, cellHeight,
            new XAttribute("fill", HeatMapScale.ToHex(map.Scale.ColorOf(value))),
            SvgShapes.Tip(HeatMapContent.ValueAt(map, tensor, row, column)));
    }

    private static XElement Label(double x, double y, string anchor, string text, params object?[] more)
    {
        var columns = (int)(MostLabel / (0.6 * FontSize));
        var shown = LabelText.WidthOf(text) > columns ? LabelText.Fit(text, columns, isRight: false, "…") : text;
        return SvgShapes.Text(x, y, anchor, shown, new XAttribute("class", "label"), more);
    }
}
