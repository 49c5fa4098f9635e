namespace PsGpt.Charts;

/// <summary>A line of a loss chart.</summary>
/// <param name="Role">Its meaning.</param>
/// <param name="Color">The number of its colour.</param>
/// <param name="Label">Its name beside a value.</param>
/// <param name="Points">The losses, in the order of the steps; at least one.</param>
internal sealed record LossSeries(LossRole Role, int Color, string Label, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>The lines of a chart, from the back to the front.</summary>
    /// <param name="runs">The runs, as <see cref="ChartContent.Require"/> gives them.</param>
    /// <param name="smoothing">The weight of the past, or null for one that suits the run.</param>
    public static IReadOnlyList<LossSeries> Of(IReadOnlyList<LossRun> runs, double? smoothing) =>
        [.. runs.SelectMany((run, i) => Of(run, i, runs.Count == 1, smoothing)).OrderBy(series => series.Role)];

    private static IEnumerable<LossSeries> Of(LossRun run, int number, bool isAlone, double? smoothing)
    {
        var training = run.Curve.Training;
        var weight = smoothing ?? LossSmoothing.WeightFor(training.Count);
        var prefix = isAlone ? "" : run.Name + " ";
        var label = isAlone ? "loss" : run.Name;
        if (training.Count > 0 && weight > 0)
        {
            yield return new LossSeries(LossRole.EachStep, number, label, training);
            yield return new LossSeries(LossRole.Smoothed, number, $"{prefix}smoothed", LossSmoothing.Smooth(training, weight));
        }
        else if (training.Count > 0)
        {
            yield return new LossSeries(LossRole.Training, number, label, training);
        }

        // A run alone has two colours; of several runs each has one, and broken lines are validation.
        if (run.Curve.Validation.Count > 0)
            yield return new LossSeries(LossRole.Validation, isAlone ? 1 : number, $"{prefix}validation", run.Curve.Validation);
    }
}

/// <summary>The kinds of line in a loss chart, from the back to the front.</summary>
internal enum LossRole
{
    /// <summary>The noisy losses behind a smoothed line.</summary>
    EachStep,

    /// <summary>The losses of the batches.</summary>
    Training,

    /// <summary>The smoothed losses of the batches.</summary>
    Smoothed,

    /// <summary>The losses on held-out text.</summary>
    Validation,
}
