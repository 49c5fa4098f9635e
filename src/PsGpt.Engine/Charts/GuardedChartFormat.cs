using PsGpt.Plugins;

namespace PsGpt.Charts;

/// <summary>A kind of chart of another assembly: where it throws, the error names it.</summary>
internal sealed class GuardedChartFormat(IChartFormat inner) : IChartFormat
{
    private readonly PluginGuard guard = new("chart", inner.Name);

    public string Name { get; } = inner.Name;

    public string Description => inner.Description;

    public IReadOnlyList<string> Extensions => guard.Get(() => inner.Extensions);

    public bool Draws(Chart chart) => guard.Get(() => inner.Draws(chart));

    public string ToText(Chart chart) => guard.Get(() => inner.ToText(chart));
}
