using System.Globalization;
using System.Xml.Linq;

namespace PsGpt.Charts;

/// <summary>The legend of a loss chart, in as many rows as its width takes.</summary>
internal sealed class LossLegend
{
    public const double RowHeight = 20;

    private const double FontSize = 13, LineWidth = 22, Gap = 18;
    private const int MostNameColumns = 30;

    private readonly List<(string? Class, string Text, double X, int Row)> entries = [];

    public LossLegend(IReadOnlyList<LossSeries> series, IReadOnlyList<LossRun> runs, double width)
    {
        var (x, row) = (0.0, 0);
        foreach (var (name, text) in (runs.Count == 1 ? OfOne(series) : OfSeveral(series, runs)).Concat(Omitted(runs)))
        {
            var shown = LabelText.WidthOf(text) > MostNameColumns ? LabelText.Fit(text, MostNameColumns, isRight: false, "…") : text;
            var length = (name is null ? 0 : LineWidth + 6) + SvgShapes.WidthOf(shown, FontSize);
            if (x > 0 && x + length > width)
                (x, row) = (0, row + 1);
            entries.Add((name, shown, x, row));
            x += length + Gap;
        }

        RowCount = row + 1;
    }

    public int RowCount { get; }

    /// <summary>The classes of a line in the style sheet. After the last colour the first one comes again, broken.</summary>
    public static string ClassOf(LossSeries line) =>
        $"line {line.Role.ToString().ToLowerInvariant()} {ChartColors.ClassOf(line.Color)}"
        + (line.Color >= ChartColors.Light.Count && line.Role != LossRole.Validation ? " broken" : "");

    public IEnumerable<XElement> Elements(double left, double top)
    {
        foreach (var (name, text, x, row) in entries)
        {
            var y = top + (row * RowHeight) + (RowHeight / 2);
            if (name is not null)
                yield return SvgShapes.Line(name, left + x, y, left + x + LineWidth, y);
            yield return SvgShapes.Text(left + x + (name is null ? 0 : LineWidth + 6), y + 4, "start", text);
        }
    }

    private static IEnumerable<(string? Class, string Text)> OfOne(IReadOnlyList<LossSeries> series) =>
        series.Select(line => ((string?)ClassOf(line), NameOf(line.Role)));

    private static IEnumerable<(string? Class, string Text)> OfSeveral(IReadOnlyList<LossSeries> series, IReadOnlyList<LossRun> runs)
    {
        for (var i = 0; i < runs.Count; i++)
        {
            if (series.LastOrDefault(line => line.Color == i && line.Role != LossRole.Validation) is { } line)
                yield return (ClassOf(line), runs[i].Name);
            else if (series.FirstOrDefault(line => line.Color == i) is { } validation)
                yield return (ClassOf(validation), runs[i].Name);
        }

        foreach (var role in series.Select(line => line.Role).Distinct().Where(role => role != LossRole.Training))
            yield return ($"line {role.ToString().ToLowerInvariant()} neutral", NameOf(role));
    }

    private static IEnumerable<(string? Class, string Text)> Omitted(IReadOnlyList<LossRun> runs)
    {
        if (ChartContent.OmittedCount(runs) is > 0 and var omitted)
            yield return (null, string.Create(CultureInfo.InvariantCulture, $"{omitted} not shown (NaN or infinite)"));
    }

    private static string NameOf(LossRole role) => role switch
    {
        LossRole.EachStep => "each step",
        LossRole.Smoothed => "smoothed",
        LossRole.Validation => "validation",
        _ => "training",
    };
}
