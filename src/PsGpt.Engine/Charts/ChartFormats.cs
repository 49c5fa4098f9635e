namespace PsGpt.Charts;

/// <summary>A picture that browsers and documents show.</summary>
internal sealed class SvgFormat : IChartFormat
{
    public string Name => "svg";

    public string Description => "A picture in vectors.";

    public IReadOnlyList<string> Extensions { get; } = [".svg"];

    public string ToText(LossCurve curve, ChartOptions options) => SvgChart.ToElement(curve, options).ToString();
}

/// <summary>The picture in a page of its own.</summary>
internal sealed class HtmlFormat : IChartFormat
{
    public string Name => "html";

    public string Description => "A page that needs nothing else.";

    public IReadOnlyList<string> Extensions { get; } = [".html", ".htm"];

    public string ToText(LossCurve curve, ChartOptions options) => HtmlChart.ToText(curve, options);
}
