using System.Globalization;
using System.Text;
using PsGpt.Charts;

namespace PsGpt.Sample.Plugin;

/// <summary>A chart: the losses of runs as comma-separated values, for a spreadsheet.</summary>
public sealed class CsvChart : IChartFormat
{
    /// <inheritdoc/>
    public string Name => "sample-csv";

    /// <inheritdoc/>
    public string Description => "The losses of runs as comma-separated values.";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [".csv"];

    /// <inheritdoc/>
    public string ToText(Chart chart, CancellationToken cancellationToken)
    {
        // An IChartFormat is given loss charts alone, unless Draws says otherwise.
        var text = new StringBuilder("run,step,loss\n");
        foreach (var run in ((LossChart)chart).Runs)
        {
            foreach (var point in run.Curve.Training)
                text.Append(CultureInfo.InvariantCulture, $"{run.Name},{point.Step},{point.Loss}\n");
        }

        return text.ToString();
    }
}
