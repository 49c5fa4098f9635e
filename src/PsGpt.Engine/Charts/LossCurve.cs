using PsGpt.Training;

namespace PsGpt.Charts;

/// <summary>The losses of a training run, on its batches and on held-out text. It grows with the run.</summary>
public sealed class LossCurve
{
    private readonly List<ChartPoint> training = [];
    private readonly List<ChartPoint> validation = [];

    /// <summary>The losses of the batches, in the order of the steps.</summary>
    public IReadOnlyList<ChartPoint> Training => training;

    /// <summary>The losses on held-out text, in the order of the steps.</summary>
    public IReadOnlyList<ChartPoint> Validation => validation;

    /// <summary>How many losses no chart can show: NaN and infinite ones.</summary>
    public int OmittedCount { get; private set; }

    /// <summary>Whether there is nothing to show.</summary>
    public bool IsEmpty => training.Count + validation.Count == 0;

    /// <summary>All losses.</summary>
    public IEnumerable<ChartPoint> Points => training.Concat(validation);

    /// <summary>The curve of a run.</summary>
    public static LossCurve Of(IEnumerable<TrainingStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var curve = new LossCurve();
        foreach (var step in steps)
            curve.AddStep(step.Step, step.Loss, step.ValidationLoss, step.InitialValidationLoss);
        return curve;
    }

    /// <summary>Adds the loss of a step's batch.</summary>
    public void AddTraining(double step, double loss) => Add(training, step, loss);

    /// <summary>Adds the loss on held-out text after a step.</summary>
    public void AddValidation(double step, double loss) => Add(validation, step, loss);

    /// <summary>Adds the losses of a step: of its batch, and those on held-out text after and before it where they were measured.</summary>
    internal void AddStep(double step, double loss, double? validationLoss, double? initialValidationLoss)
    {
        if (initialValidationLoss is { } initial)
            AddValidation(step - 1, initial);
        AddTraining(step, loss);
        if (validationLoss is { } measured)
            AddValidation(step, measured);
    }

    /// <summary>The curve without losses of 0 and below, for which a logarithmic axis has no place.</summary>
    internal LossCurve ForLogarithm()
    {
        var curve = new LossCurve { OmittedCount = OmittedCount };
        foreach (var point in training)
            curve.AddTraining(point.Step, point.Loss > 0 ? point.Loss : double.NaN);
        foreach (var point in validation)
            curve.AddValidation(point.Step, point.Loss > 0 ? point.Loss : double.NaN);
        return curve;
    }

    private void Add(List<ChartPoint> series, double step, double loss)
    {
        if (double.IsFinite(step) && double.IsFinite(loss))
            series.Add(new ChartPoint(step, loss));
        else
            OmittedCount++;
    }
}
