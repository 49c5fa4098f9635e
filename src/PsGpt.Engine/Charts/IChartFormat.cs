using PsGpt.Plugins;

namespace PsGpt.Charts;

/// <summary>A kind of text file that shows charts. Safe to use from several threads.</summary>
public interface IChartFormat : IPlugin
{
    /// <summary>
    /// The extensions of its files, such as <c>.svg</c>; the first format that has an extension and draws a chart writes it.
    /// </summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Whether it draws a chart of this type: a <see cref="LossChart"/> alone, unless the format says otherwise.</summary>
    /// <param name="chart">The chart.</param>
    bool Draws(Chart chart) => chart is LossChart;

    /// <summary>The content of the file, which is written as UTF-8.</summary>
    /// <param name="chart">A chart that it draws.</param>
    /// <param name="cancellationToken">Stops the call; a chart of large tensors takes seconds.</param>
    /// <exception cref="GptException"><c>ChartEmpty</c>: there is nothing to draw.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    string ToText(Chart chart, CancellationToken cancellationToken);
}
