using PsGpt.Plugins;

namespace PsGpt.Charts;

/// <summary>A kind of text file that shows the loss curve of a run. Safe to use from several threads.</summary>
public interface IChartFormat : IPlugin
{
    /// <summary>The extensions of its files, such as <c>.svg</c>; the first format that has an extension writes it.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>The content of the file, which is written as UTF-8.</summary>
    /// <param name="curve">The losses of the run.</param>
    /// <param name="options">How the chart looks.</param>
    /// <exception cref="GptException"><c>ChartEmpty</c>: there is nothing to draw.</exception>
    string ToText(LossCurve curve, ChartOptions options);
}
