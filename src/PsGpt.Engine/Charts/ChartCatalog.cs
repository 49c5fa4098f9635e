using PsGpt.Plugins;

namespace PsGpt.Charts;

/// <summary>The kinds of chart that are known by name.</summary>
public static class ChartCatalog
{
    static ChartCatalog()
    {
        Registry.Register(new SvgFormat());
        Registry.Register(new HtmlFormat());
    }

    /// <summary>All of them; register your own here.</summary>
    public static Registry<IChartFormat> Registry { get; } = new("chart", plugin => new GuardedChartFormat(plugin));
}
