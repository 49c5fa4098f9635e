using System.Management.Automation;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>The progress bar of a run: its step, its losses, its learning rate and its speed, in a line that fits 80 columns.</summary>
internal sealed class TrainingProgressBar(Cmdlet cmdlet, TrainingRun run) : IDisposable
{
    private readonly ProgressReport report = new(cmdlet, "Training", alreadyDone: Share(run));
    private float? validationLoss;

    /// <summary>Shows a step that is done.</summary>
    public void Update(TrainingStep step)
    {
        validationLoss = step.ValidationLoss ?? validationLoss;
        report.Update(Share(run), () => Status(step, run.DoneStepCount, run.PlannedStepCount, validationLoss));
    }

    public void Dispose() => report.Dispose();

    /// <summary>The line, of 60 characters at most: PowerShell adds the activity, brackets and the remaining seconds.</summary>
    internal static string Status(TrainingStep step, int done, int? planned, float? validationLoss) =>
        $"{done}{(planned is null ? "" : $"/{planned}")} loss {step.Loss:0.000}"
        + (validationLoss is null ? "" : $" val {validationLoss:0.000}")
        + $" lr {step.LearningRate:0.0e-0} {step.TokensPerSecond:N0} tok/s";

    /// <summary>The share that is done by the limit that will be reached first.</summary>
    private static double Share(TrainingRun run) => Math.Max(
        run.PlannedStepCount is { } planned ? (double)run.DoneStepCount / planned : 0,
        run.Options.MaxMinutes is { } minutes ? run.ElapsedSeconds / (60 * minutes) : 0);
}
