using PsGpt.Training;

namespace PsGpt.Checkpoints;

/// <summary>Compares what a run was begun with to what it is to go on with.</summary>
internal sealed class ResumeCheck(Checkpoint checkpoint)
{
    // With another optimizer there are no moments; in another order or shape, the place in the text means nothing.
    private static readonly string[] Fixed = [nameof(TrainerOptions.Optimizer), nameof(TrainingRunOptions.Order), nameof(TrainingRunOptions.BatchSize), nameof(TrainingRunOptions.SequenceLength)];

    // These say when to measure and when to end, and change no step.
    private static readonly string[] Free = [nameof(TrainingRunOptions.MaxMinutes), nameof(TrainingRunOptions.Patience), nameof(TrainingRunOptions.ValidateFirst), nameof(TrainingRunOptions.ValidationInterval)];

    private static readonly string[] Lengths = [nameof(TrainingRunOptions.Steps), nameof(TrainingRunOptions.Epochs)];

    /// <exception cref="GptException"><c>CheckpointMismatch</c>.</exception>
    public void Require(TrainingRun run, DatasetFingerprint dataset, Action<string> warn)
    {
        var options = run.Options;
        var differences = CheckpointJson.Differences(checkpoint.State.Options, options).ToList();
        if (differences.Where(difference => Fixed.Contains(difference.Name)).ToList() is { Count: > 0 } mismatches)
            throw Mismatch($"it was begun with {Describe(mismatches)}");
        var before = checkpoint.State.Dataset;
        if (dataset.TrainingCount < before.TrainingCount)
            throw Mismatch(FormattableString.Invariant($"the text to learn from had {before.TrainingCount:N0} tokens and has {dataset.TrainingCount:N0} now"));

        // Only the constant schedule does not ask how long the run is.
        var isConstant = options.Schedule == "constant" && checkpoint.State.Options.Schedule == "constant";
        if (differences.Where(difference => !Free.Contains(difference.Name) && !(isConstant && Lengths.Contains(difference.Name))).ToList() is { Count: > 0 } changes)
            warn($"The run was begun with {Describe(changes)}. It goes on, but not as it would have.");
        if (run.HasRule != checkpoint.State.HasRule)
            warn(run.HasRule ? "The run was begun with a schedule that has a name. It goes on by a rule of your own." : "The run was begun with a rule of your own for the learning rate, which a checkpoint cannot hold. Give it again, or the run goes on with the schedule alone.");
        var (dropout, dropoutBefore) = (run.Model.Configuration.Dropout, checkpoint.State.Configuration.Dropout);
        if (options.Trainer.Dropout is null && dropout != dropoutBefore)
            warn(FormattableString.Invariant($"The model drops out {dropout}, but {dropoutBefore} when the run was begun. It goes on, but not as it would have."));
        if (dataset != before)
            warn("The text is not the one that the run was begun with. It goes on, but not as it would have, and losses may not be comparable.");
    }

    private static string Describe(IEnumerable<(string Name, string Stored, string Given)> differences) =>
        string.Join(", ", differences.Select(difference => $"{difference.Name} {difference.Stored} instead of {difference.Given}"));

    private GptException Mismatch(string problem) => new(
        "CheckpointMismatch", GptErrorKind.InvalidData, $"The run in '{Path.GetDirectoryName(checkpoint.Path)}' cannot be resumed: {problem}. Give the text and the options that it was begun with, or choose another directory.");
}
