using System.Xml.Linq;

namespace PsGpt.Charts;

/// <summary>A loss chart as a page. A narrow window shows a drawing of its own, so that the text stays readable.</summary>
internal static class LossPage
{
    private const int Width = 800, Height = 450, NarrowWidth = 420, NarrowHeight = 340;
    private const string Style = "svg.chart{width:100%}.narrow{display:none}" + ChartStyle.Choice;

    /// <exception cref="GptException"><c>ChartEmpty</c>: there is no loss that could be shown.</exception>
    public static string ToText(LossChart chart)
    {
        var wide = new LossDrawing(chart, Width, Height);
        var narrow = new LossDrawing(chart, NarrowWidth, NarrowHeight);
        var body = $"""
            <div class="wide">{Markup(wide, Width, Height)}</div>
            <div class="narrow">{Markup(narrow, NarrowWidth, NarrowHeight)}</div>
            """;
        return ChartPage.ToText(wide.Title, Style, body, "LossPage.js");
    }

    private static string Markup(LossDrawing drawing, int width, int height) => SvgShapes.Picture(
        width, height, drawing.Title, ChartStyle.Lines,
        SvgShapes.Rectangle("paper", 0, 0, width, height), drawing.Elements()).ToString(SaveOptions.DisableFormatting);
}
