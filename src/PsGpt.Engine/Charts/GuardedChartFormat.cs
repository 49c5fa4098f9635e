using PsGpt.Plugins;

namespace PsGpt.Charts;

/// <summary>A kind of chart of another assembly: where it throws, the error names it.</summary>
internal sealed class GuardedChartFormat(IChartFormat inner) : GuardedPlugin<IChartFormat>(inner, "chart"), IChartFormat
{
    public IReadOnlyList<string> Extensions => Guard.Get(() => Inner.Extensions);

    public bool Draws(Chart chart) => Guard.Get(() => Inner.Draws(chart));

    public string ToText(Chart chart, CancellationToken cancellationToken) =>
        Guard.Get(() => Inner.ToText(chart, cancellationToken), cancellationToken);
}
