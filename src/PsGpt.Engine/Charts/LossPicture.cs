using System.Xml.Linq;

namespace PsGpt.Charts;

/// <summary>
/// A loss chart as a picture, light or dark as the viewer is. It holds the drawing twice: narrow windows show the one that is laid out
/// for them, so that its text stays readable. A viewer that knows no media queries shows the wide one.
/// </summary>
internal static class LossPicture
{
    private const int Width = 800, Height = 450, NarrowWidth = 420;

    public static XElement ToElement(LossChart chart)
    {
        var wide = new LossDrawing(chart, Width, Height);
        var narrow = new LossDrawing(chart, NarrowWidth, (double)NarrowWidth * Height / Width);
        return SvgShapes.Picture(
            Width, Height, wide.Title, ChartStyle.Lines + ChartStyle.Choice,
            SvgShapes.Rectangle("paper", 0, 0, Width, Height),
            SvgShapes.Group("wide", wide.Elements()),
            Narrow(narrow));
    }

    // The attribute hides it from viewers that do not know media queries; the style sheet overrules it.
    private static XElement Narrow(LossDrawing drawing)
    {
        var scale = FormattableString.Invariant($"scale({(double)Width / NarrowWidth:0.####})");
        return SvgShapes.Group("narrow", new XAttribute("display", "none"), new XAttribute("transform", scale), drawing.Elements());
    }
}
