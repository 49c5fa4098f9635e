using PsGpt.Formats;

namespace PsGpt.Charts;

/// <summary>Writes charts to files.</summary>
public static class ChartFile
{
    /// <summary>Writes a chart beside its target first, then renames it; the extension says what it becomes.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="path">A path that ends in an extension of a format in <see cref="ChartCatalog"/>, such as <c>.svg</c>.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="cancellationToken">Stops the call before anything is written.</param>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="GptException">
    /// <c>ChartFormatUnknown</c>, <c>ChartEmpty</c>, <c>ChartTooLarge</c>, <c>TargetExists</c>, <c>TargetIsDirectory</c>,
    /// <c>TargetIsDevice</c>, <c>WriteFailed</c>.
    /// </exception>
    public static void Write(Chart chart, string path, bool overwrite = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var text = FormatOf(chart, path).ToText(chart, cancellationToken);
        if (FindObstacle(path, overwrite) is { } obstacle)
            throw obstacle;
        using var target = new AtomicWrite(path);
        try
        {
            File.WriteAllText(target.TemporaryPath, text);
            target.Commit();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("WriteFailed", GptErrorKind.WriteFailed,
                $"'{path}' cannot be written: {exception.Message} " +
                "See whether you may write there and whether there is room, or choose another place.", exception);
        }
    }

    /// <summary>The error that writing to a path would end in, as far as it can be seen before; null for none.</summary>
    public static GptException? FindObstacle(string path, bool overwrite) => AtomicWrite.FindFileObstacle(path, overwrite);

    /// <summary>Checks the extension of a path, before there is anything to write.</summary>
    /// <exception cref="GptException"><c>ChartFormatUnknown</c>.</exception>
    public static void RequireFormat(string path)
    {
        if (FormatsOf(path).Any())
            return;
        throw new GptException("ChartFormatUnknown", GptErrorKind.NotSupported,
            $"'{path}' does not say what the chart should become. Give a path that ends in one of: " +
            $"{Extensions(ChartCatalog.Registry.All)}.");
    }

    private static IChartFormat FormatOf(Chart chart, string path)
    {
        RequireFormat(path);
        return FormatsOf(path).FirstOrDefault(format => format.Draws(chart)) ?? throw new GptException(
            "ChartFormatUnknown", GptErrorKind.NotSupported,
            $"No format of '{path}' draws this kind of chart. Give a path that ends in one of: " +
            $"{Extensions(ChartCatalog.Registry.All.Where(format => format.Draws(chart)))}.");
    }

    private static IEnumerable<IChartFormat> FormatsOf(string path) => ChartCatalog.Registry.All.Where(
        format => format.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase));

    private static string Extensions(IEnumerable<IChartFormat> formats) =>
        string.Join(", ", formats.SelectMany(format => format.Extensions));
}
