using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace PsGpt.Charts;

/// <summary>The elements of scalable vector graphics that charts are made of.</summary>
internal static class SvgShapes
{
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>A picture of a natural size, which becomes smaller where there is less room.</summary>
    public static XElement Picture(double width, double height, string title, string style, params object?[] content) => new(
        Svg + "svg",
        new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width:0.##} {height:0.##}")),
        Attributes(("width", width), ("height", height)), new XAttribute("role", "img"), new XAttribute("class", "chart"),
        new XElement(Svg + "title", Clean(title)), new XElement(Svg + "style", style), content);

    public static XElement Group(string name, params object?[] content) => new(Svg + "g", new XAttribute("class", name), content);

    public static XElement Line(string name, double x1, double y1, double x2, double y2) =>
        new(Svg + "line", new XAttribute("class", name), Attributes(("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)));

    public static XElement Rectangle(string name, double x, double y, double width, double height, params object?[] content) => new(
        Svg + "rect", new XAttribute("class", name),
        Attributes(("x", x), ("y", y), ("width", Math.Max(0, width)), ("height", Math.Max(0, height))), content);

    public static XElement Dot(string name, double x, double y) =>
        new(Svg + "circle", new XAttribute("class", name), Attributes(("cx", x), ("cy", y), ("r", 3)));

    public static XElement Curve(string name, IEnumerable<(double X, double Y)> places) => new(
        Svg + "polyline", new XAttribute("class", name),
        new XAttribute("points", string.Join(' ', places.Select(place => $"{Number(place.X)},{Number(place.Y)}"))));

    /// <param name="anchor">The end of the text at its place: <c>start</c>, <c>middle</c> or <c>end</c>.</param>
    public static XElement Text(double x, double y, string anchor, string text, params object?[] more) =>
        new(Svg + "text", Attributes(("x", x), ("y", y)), new XAttribute("text-anchor", anchor), more, Clean(text));

    /// <summary>Turns a text to be read upwards.</summary>
    public static XAttribute Upwards(double x, double y) => new("transform", $"rotate(-90 {Number(x)} {Number(y)})");

    /// <summary>Shows a text where the pointer rests.</summary>
    public static XElement Tip(string text) => new(Svg + "title", Clean(text));

    /// <summary>A value as it is shown under the pointer.</summary>
    public static string Value(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>About the width of a text in the fonts of systems, rather too much than too little.</summary>
    public static double WidthOf(string text, double fontSize) => LabelText.WidthOf(text) * 0.6 * fontSize;

    /// <summary>A text in lines of a width, of which the last one is cut where there are more.</summary>
    public static IReadOnlyList<string> Wrap(string text, double width, double fontSize, int mostLines)
    {
        var columns = Math.Max(1, (int)(width / (0.6 * fontSize)));
        return
        [
            .. LabelText.Wrap(text, columns, mostLines)
                .Select(line => LabelText.Fit(line, columns, isRight: false, "…").TrimEnd()),
        ];
    }

    /// <summary>Some characters have no place in XML, not even escaped.</summary>
    private static string Clean(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune =>
            rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString()));

    private static XAttribute[] Attributes(params (string Name, double Value)[] values) =>
        [.. values.Select(value => new XAttribute(value.Name, Number(value.Value)))];
}
