using System.Globalization;

namespace PsGpt.Charts;

/// <summary>
/// Sorts steps into runs, as they come: a step whose number is not above that of the step before begins another run, and so does
/// another name.
/// </summary>
public sealed class LossRuns
{
    private readonly List<(string? Name, LossCurve Curve)> runs = [];
    private (string? Name, double Step) last = (null, double.NegativeInfinity);

    /// <summary>Whether there is nothing to show.</summary>
    public bool IsEmpty => runs.All(run => run.Curve.IsEmpty);

    /// <summary>Adds a step.</summary>
    /// <param name="name">The name of its run; null where the steps do not say.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="loss">The loss of its batch.</param>
    /// <param name="validationLoss">The loss on held-out text after it, where it was measured.</param>
    /// <param name="initialValidationLoss">The loss on held-out text before it, where it was measured.</param>
    public void Add(string? name, double step, double loss, double? validationLoss = null, double? initialValidationLoss = null)
    {
        CurveOf(name, step).AddStep(step, loss, validationLoss, initialValidationLoss);
        last = (name, double.IsFinite(step) ? step : last.Step);
    }

    /// <summary>The runs.</summary>
    /// <param name="names">Their names in order; null for those of the steps, or <c>run 1</c>, <c>run 2</c> and so on.</param>
    /// <exception cref="GptException"><c>RunNamesInvalid</c>: there are as many runs as names, and no two names are equal.</exception>
    public IReadOnlyList<LossRun> ToList(IReadOnlyList<string>? names = null)
    {
        if (names is not null && (names.Count != runs.Count || names.Distinct().Count() != names.Count))
        {
            throw new GptException("RunNamesInvalid", GptErrorKind.InvalidArgument, names.Count != runs.Count
                ? $"There are {names.Count} names for {runs.Count} runs. A run begins where the number of a step does not rise. " +
                    "Give as many names."
                : "Two runs have the same name. Give each a name of its own.");
        }

        return [.. runs.Select((run, i) => new LossRun(
            names?[i] ?? run.Name ?? string.Create(CultureInfo.InvariantCulture, $"run {i + 1}"), run.Curve))];
    }

    private LossCurve CurveOf(string? name, double step)
    {
        if (name is not null && runs.Find(run => run.Name == name).Curve is { } known)
            return known;
        if (name is null && runs.Count > 0 && last.Name is null && !(step <= last.Step))
            return runs[^1].Curve;
        runs.Add((name, new LossCurve()));
        return runs[^1].Curve;
    }
}
