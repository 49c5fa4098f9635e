namespace PsGpt.Charts;

/// <summary>The legend of a loss chart in characters.</summary>
internal static class TextLegend
{
    private const int LetterCount = 26;
    private const int MostNameLength = 30;
    private const string Gap = "  ";

    /// <summary>The characters of a run: of its line, where that is not drawn in dots, and of its measurements on held-out text.</summary>
    public static (char Line, char Dot) MarksOf(int run, int runCount, TextChartOptions options) => runCount == 1
        ? ('*', options.IsAscii ? 'o' : '●')
        : ((char)('a' + (run % LetterCount)), (char)('A' + (run % LetterCount)));

    /// <summary>The lines without their indent: one of a run alone, as many as there is room for where there are several.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<LossRun> runs, TextChartOptions options)
    {
        List<string> lines = ["step"];
        foreach (var part in Parts(runs, options))
        {
            if (runs.Count > 1 && lines[^1].Length + Gap.Length + part.Length >= options.Width && lines.Count < options.Height - 4)
                lines.Add(part);
            else
                lines[^1] += Gap + part;
        }

        return lines;
    }

    private static IEnumerable<string> Parts(IReadOnlyList<LossRun> runs, TextChartOptions options)
    {
        var hasValidation = runs.Any(run => run.Curve.Validation.Count > 0);
        if (runs.Count == 1)
        {
            if (runs[0].Curve.Training.Count > 0)
                yield return options.IsAscii ? "* loss" : "⠒ loss";
            if (hasValidation)
                yield return options.IsAscii ? "o validation" : "● validation";
        }
        else
        {
            foreach (var (i, run) in runs.Index())
                yield return $"{MarksOf(i, runs.Count, options).Line} {NameOf(run, options)}";
            if (hasValidation)
                yield return "(capitals: validation)";
        }

        if (ChartContent.OmittedCount(runs) is > 0 and var omitted)
            yield return $"({omitted} not shown)";
    }

    private static string NameOf(LossRun run, TextChartOptions options)
    {
        var name = ForeignText.Shorten(ForeignText.Escape(run.Name), MostNameLength);
        return options.IsAscii ? LabelText.ToAscii(name) : name;
    }
}
