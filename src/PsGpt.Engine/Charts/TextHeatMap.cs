using System.Globalization;

namespace PsGpt.Charts;

/// <summary>
/// Draws heat maps in characters, for a terminal. A cell has a shade, and its number where there is room; colours lie over the shades,
/// so that the text without its escape sequences says the same.
/// </summary>
public sealed class TextHeatMap
{
    private const int MostLabelWidth = 14;
    private const int MostHeaderHeight = 8;
    private const int ShadeWidth = 2;
    private const int MostScaleLength = 20;

    private readonly HeatMap map;
    private readonly TextHeatMapOptions options;
    private readonly string shades;
    private readonly int labelWidth;
    private readonly int cellWidth;
    private readonly bool hasNumbers;

    private TextHeatMap(HeatMap map, TextHeatMapOptions options)
    {
        (this.map, this.options, shades) = (map, options, Shades(options));
        labelWidth = Math.Min(map.RowLabels.Max(LabelText.WidthOf), MostLabelWidth);
        var (room, count) = (options.Width - labelWidth - 1, map.ColumnLabels.Count);
        var longest = map.Rows.Max(row => row.Max(value => Number(value).Length));
        hasNumbers = room >= count * (ShadeWidth + longest + 1);
        cellWidth = hasNumbers ? ShadeWidth + longest + 1 : room >= count * ShadeWidth ? ShadeWidth : 1;
    }

    /// <summary>The columns of cells for which there is room in any case.</summary>
    /// <param name="options">The size.</param>
    public static int MostColumns(TextHeatMapOptions options) => options.Width - MostLabelWidth - 1;

    /// <summary>The lines of some maps of one tensor, and of their scale.</summary>
    /// <param name="maps">The maps, of at most <see cref="MostColumns"/> columns; at least one.</param>
    /// <param name="options">How they look.</param>
    public static IEnumerable<string> Draw(IReadOnlyList<HeatMap> maps, TextHeatMapOptions options)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(options);
        foreach (var map in maps)
        {
            yield return LabelText.Fit(Plain(ForeignText.Escape(map.Title), options), options.Width, isRight: false, Ellipsis(options))
                .TrimEnd();
            foreach (var line in new TextHeatMap(map, options).Lines())
                yield return line;
            yield return "";
        }

        yield return ScaleLine(maps[0].Scale, options);
        if (maps[0].Block == (1, 1))
            yield break;
        var note = $"Each cell is the mean of {maps[0].Block.Rows} x {maps[0].Block.Columns} values.";
        foreach (var line in LabelText.Wrap(note, options.Width, int.MaxValue))
            yield return line;
    }

    private IEnumerable<string> Lines()
    {
        var margin = new string(' ', labelWidth + 1);
        foreach (var line in hasNumbers ? [WideHeader()] : map.HasColumnNames ? TallHeader() : [NumberHeader()])
            yield return (margin + line).TrimEnd();
        for (var row = 0; row < map.Rows.Count; row++)
        {
            var label = LabelText.Fit(Plain(map.RowLabels[row], options), labelWidth, isRight: true, Ellipsis(options));
            yield return $"{label} {string.Concat(map.Rows[row].Select(Cell))}".TrimEnd();
        }
    }

    private string Cell(double value)
    {
        var shade = new string(Shade(map.Scale.ShareOf(value), shades), Math.Min(cellWidth, ShadeWidth));
        var number = hasNumbers ? Number(value).PadLeft(cellWidth - ShadeWidth - 1) : "";
        return Paint(shade, number, map.Scale.ColorOf(value), options.HasColor) + (hasNumbers ? " " : "");
    }

    private string WideHeader() => string.Concat(map.ColumnLabels.Select(
        label => LabelText.Fit(Plain(label, options), cellWidth - 1, isRight: true, Ellipsis(options)) + " "));

    /// <summary>Names that are written from the top down and end above their columns.</summary>
    private IEnumerable<string> TallHeader()
    {
        string[][] names =
        [
            .. map.ColumnLabels.Select(
                label => Plain(label, options).EnumerateRunes().Take(MostHeaderHeight).Select(rune => $"{rune}").ToArray()),
        ];
        var height = names.Max(name => name.Length);
        return Enumerable.Range(0, height).Select(line => string.Concat(names.Select(name =>
            LabelText.Fit(line < height - name.Length ? "" : name[line - height + name.Length], cellWidth, isRight: false, "?"))));
    }

    /// <summary>The first and the last number.</summary>
    private string NumberHeader()
    {
        var (first, last) = (map.ColumnLabels[0], map.ColumnLabels[^1]);
        var width = map.ColumnLabels.Count * cellWidth;
        return first.Length + last.Length < width ? first + last.PadLeft(width - first.Length) : first;
    }

    private string Number(double value)
    {
        if (value == 0)
            return "0";
        var largest = Math.Max(Math.Abs(map.Scale.Low), Math.Abs(map.Scale.High));
        return value.ToString(largest is >= 0.1 and < 1000 ? "0.00" : "0.#e+0", CultureInfo.InvariantCulture);
    }

    private static string ScaleLine(HeatMapScale scale, TextHeatMapOptions options)
    {
        var (low, high) = (scale.Low.ToString("G3", CultureInfo.InvariantCulture), scale.High.ToString("G3", CultureInfo.InvariantCulture));
        var length = Math.Clamp(options.Width - low.Length - high.Length - 4, 1, MostScaleLength);
        var ramp = string.Concat(Enumerable.Range(0, length).Select(i =>
        {
            var value = scale.Low + ((i + 0.5) / length * (scale.High - scale.Low));
            return Paint(Shade((i + 0.5) / length, Shades(options)).ToString(), "", scale.ColorOf(value), options.HasColor);
        }));
        return $"{low} [{ramp}] {high}";
    }

    /// <summary>A shade in the colour of its own background, so that it shows only without colours, and a number on it.</summary>
    private static string Paint(string shade, string number, (byte R, byte G, byte B) color, bool hasColor)
    {
        if (!hasColor)
            return shade + number;
        var ink = HeatMapScale.IsLight(color) ? "0;0;0" : "255;255;255";
        var paper = string.Create(CultureInfo.InvariantCulture, $"{color.R};{color.G};{color.B}");
        return $"\e[48;2;{paper};38;2;{paper}m{shade}" + (number.Length > 0 ? $"\e[38;2;{ink}m{number}" : "") + "\e[0m";
    }

    private static char Shade(double share, string shades) =>
        double.IsNaN(share) ? '?' : shades[Math.Min((int)(share * shades.Length), shades.Length - 1)];

    private static string Shades(TextHeatMapOptions options) => options.IsAscii ? " .:-=+*#%@" : " ░▒▓█";

    private static string Plain(string label, TextHeatMapOptions options) => options.IsAscii ? LabelText.ToAscii(label) : label;

    private static string Ellipsis(TextHeatMapOptions options) => options.IsAscii ? "~" : "…";
}
