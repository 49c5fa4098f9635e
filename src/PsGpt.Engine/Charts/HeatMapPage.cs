using System.Net;
using System.Text;
using System.Text.Json;
using PsGpt.Tensors;

namespace PsGpt.Charts;

/// <summary>
/// Tensors as a page with one heat map at a time: tensor (or layer) and matrix (or head) can be chosen, and the value of the cell under
/// the pointer is shown. The script lays the map out by the width of the window, so that text keeps its size.
/// </summary>
internal static class HeatMapPage
{
    private const int MostMaps = 4096, MostSide = 256, MostCells = 1 << 21, ColorCount = 256;

    private const string Style =
        "html{overflow-y:scroll}h1{font-size:1.25rem;font-weight:600;margin:0 0 .75rem;overflow-wrap:anywhere}"
        + "form{display:flex;flex-wrap:wrap;gap:.5rem 1rem;margin-bottom:.75rem}label{display:flex;gap:.4rem;align-items:baseline}"
        + "[hidden]{display:none!important}select{font:inherit;max-width:16rem}#map{position:relative}"
        + "#map canvas{position:absolute;outline-offset:2px}#map svg{display:block;pointer-events:none;position:relative}"
        + "#map text{font-size:12px;fill:currentColor}#cell{fill:none;stroke:currentColor;stroke-width:2}"
        + "#scale{display:flex;align-items:center;gap:.5rem;margin:.75rem 0 .25rem;font-size:.875rem}"
        + "#scale canvas{width:12rem;max-width:40vw;height:.9rem}#note{margin:0;font-size:.875rem}";

    private const string Body =
        """
        <form onsubmit="return false">
        <label><span id="tensor-name"></span><select id="tensor"></select></label>
        <label><span id="part-name"></span><select id="part"></select></label>
        </form>
        <div id="map"><canvas id="cells" tabindex="0"></canvas><svg></svg></div>
        <div id="scale"><span id="low"></span><canvas id="ramp" width="256" height="1"></canvas><span id="high"></span></div>
        <p id="note"></p>
        """;

    /// <exception cref="GptException"><c>ChartEmpty</c>, <c>ChartTooLarge</c>.</exception>
    public static string ToText(HeatMapChart chart, CancellationToken cancellationToken = default)
    {
        var tensors = HeatMapContent.Require(chart, MostMaps, MostSide, MostCells, cancellationToken);
        var title = HeatMapContent.TitleOf(chart);
        var body = $"""
            <h1>{WebUtility.HtmlEncode(title)}</h1>
            {Body}
            <script type="application/json" id="data">{Data(tensors)}</script>
            """;
        return ChartPage.ToText(title, Style, body, "HeatMapPage.js");
    }

    /// <summary>The maps as JSON. Its writer escapes whatever could end the element that holds it.</summary>
    private static string Data(IReadOnlyList<(GptTensor Tensor, IReadOnlyList<HeatMap> Maps)> tensors)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            WriteTexts(writer, "oneSign", new HeatMapScale(0, 1).Palette(ColorCount));
            WriteTexts(writer, "bothSigns", new HeatMapScale(-1, 1).Palette(ColorCount));
            writer.WriteString("noNumber", HeatMapScale.ToHex(new HeatMapScale(0, 1).ColorOf(double.NaN)));
            var layers = HeatMapContent.LayersOf([.. tensors.Select(item => item.Tensor)]);
            writer.WriteString("choice", layers is null ? "Tensor" : "Layer");
            writer.WriteStartArray("tensors");
            foreach (var (i, (tensor, maps)) in tensors.Index())
                Write(writer, layers?[i] ?? tensor.Name, tensor, maps);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, string option, GptTensor tensor, IReadOnlyList<HeatMap> maps)
    {
        var (map, (rowCount, columnCount)) = (maps[0], HeatMapContent.SizesOf(tensor));
        writer.WriteStartObject();
        writer.WriteString("option", option);
        writer.WriteString("name", tensor.ToString());
        writer.WriteString("part", tensor.Shape.Count == 3 ? tensor.NameOf(0) ?? "part" : "part");
        writer.WriteString("rowAxis", tensor.Shape.Count < 2 ? "" : map.RowAxis ?? "row");
        writer.WriteString("columnAxis", map.ColumnAxis ?? "column");
        WriteNumbers(writer, "block", map.Block.Rows, map.Block.Columns);
        WriteNumbers(writer, "sizes", rowCount, columnCount);
        WriteTexts(writer, "rowLabels", map.RowLabels);
        WriteTexts(writer, "columnLabels", map.ColumnLabels);
        WriteNumbers(writer, "scale", map.Scale.Low, map.Scale.High);
        writer.WriteStartArray("maps");
        foreach (var item in maps)
            Write(writer, tensor, item);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, GptTensor tensor, HeatMap map)
    {
        writer.WriteStartObject();
        writer.WriteString("place", tensor.Shape.Count == 3 ? HeatMap.LabelOf(tensor, 0, map.Place[0]) : map.PlaceName);
        writer.WriteStartArray("values");
        foreach (var value in map.Rows.SelectMany(row => row))
            WriteValue(writer, value);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Four digits of a number; JSON has no NaN and no infinity, which become texts.</summary>
    private static void WriteValue(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
            writer.WriteRawValue(HeatMapContent.Number(value), skipInputValidation: true);
        else
            writer.WriteStringValue(HeatMapContent.Number(value));
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, params double[] values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            WriteValue(writer, value);
        writer.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
