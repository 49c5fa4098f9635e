using System.Management.Automation;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>The progress bar of a run: where it is, how good it is, and how long it still takes.</summary>
internal sealed class TrainingProgressBar(Cmdlet cmdlet, TrainingRun run) : IDisposable
{
    private readonly ProgressReport report = new(cmdlet, $"Training {run.Model.Name}", alreadyDone: Share(run));
    private float? validationLoss;

    /// <summary>Shows a step that is done.</summary>
    public void Update(TrainingStep step)
    {
        validationLoss = step.ValidationLoss ?? validationLoss;
        report.Update(Share(run), () =>
            $"Step {run.DoneStepCount}{(run.PlannedStepCount is { } planned ? $" of {planned}" : "")}, epoch {step.Epoch:0.00}, loss {step.Loss:0.000}"
            + $"{(validationLoss is { } loss ? $", validation {loss:0.000}" : "")}, rate {step.LearningRate:0.0e-0}, norm {step.GradientNorm:0.00}, {step.TokensPerSecond:N0} tokens/s ({step.PeakShare:P0} of the peak)");
    }

    public void Dispose() => report.Dispose();

    /// <summary>The share that is done by the limit that will be reached first.</summary>
    private static double Share(TrainingRun run) => Math.Max(
        run.PlannedStepCount is { } planned ? (double)run.DoneStepCount / planned : 0,
        run.Options.MaxMinutes is { } minutes ? run.ElapsedSeconds / (60 * minutes) : 0);
}
