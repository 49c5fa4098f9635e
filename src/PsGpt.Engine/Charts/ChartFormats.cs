using System.Xml.Linq;

namespace PsGpt.Charts;

/// <summary>A picture that browsers and documents show.</summary>
internal sealed class SvgFormat : IChartFormat
{
    public string Name => "svg";

    public string Description => "A picture in vectors.";

    public IReadOnlyList<string> Extensions { get; } = [".svg"];

    public bool Draws(Chart chart) => chart is LossChart or HeatMapChart;

    public string ToText(Chart chart, CancellationToken cancellationToken) => ToElement(chart, cancellationToken).ToString();

    private static XElement ToElement(Chart chart, CancellationToken cancellationToken) => chart switch
    {
        LossChart losses => LossPicture.ToElement(losses),
        HeatMapChart maps => HeatMapPicture.ToElement(maps, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(chart)),
    };
}

/// <summary>A page that needs nothing else and shows values under the pointer.</summary>
internal sealed class HtmlFormat : IChartFormat
{
    public string Name => "html";

    public string Description => "A page that needs nothing else.";

    public IReadOnlyList<string> Extensions { get; } = [".html", ".htm"];

    public bool Draws(Chart chart) => chart is LossChart or HeatMapChart;

    public string ToText(Chart chart, CancellationToken cancellationToken) => chart switch
    {
        LossChart losses => LossPage.ToText(losses),
        HeatMapChart maps => HeatMapPage.ToText(maps, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(chart)),
    };
}
