using PsGpt.Data;
using PsGpt.Training;

namespace PsGpt.Checkpoints;

/// <summary>Compares the options and the text that a run began with to those that it is to continue with.</summary>
internal sealed class ResumeCheck(Checkpoint checkpoint)
{
    // Another optimizer has no moments yet; in another order or shape, the place in the text means nothing.
    private static readonly string[] Fixed =
    [
        nameof(TrainerOptions.Optimizer), nameof(TrainingRunOptions.Order), nameof(TrainingRunOptions.BatchSource),
        nameof(TrainingRunOptions.BatchSize), nameof(TrainingRunOptions.SequenceLength),
    ];

    // These decide when to measure, to sample and to end, and change no step.
    private static readonly string[] Free =
    [
        nameof(TrainingRunOptions.MaxMinutes), nameof(TrainingRunOptions.Patience), nameof(TrainingRunOptions.ValidateFirst),
        nameof(TrainingRunOptions.ValidationInterval), nameof(TrainingRunOptions.EstimateTrainingLoss),
        nameof(TrainingRunOptions.SampleInterval), nameof(TrainingRunOptions.SamplePrompt), nameof(TrainingRunOptions.StepObserver),
    ];

    private static readonly string[] Lengths = [nameof(TrainingRunOptions.Steps), nameof(TrainingRunOptions.Epochs)];

    /// <exception cref="GptException"><c>CheckpointMismatch</c>.</exception>
    public void Require(TrainingRun run, DatasetFingerprint dataset, Action<string> warn)
    {
        var options = run.Options;
        var differences = CheckpointJson.Differences(checkpoint.State.Options, options).ToList();
        if (differences.Where(difference => Fixed.Contains(difference.Name)).ToList() is { Count: > 0 } mismatches)
            throw Mismatch($"it began with {Describe(mismatches)}");
        var before = checkpoint.State.Dataset;
        if (dataset.TrainingCount < before.TrainingCount)
        {
            throw Mismatch(FormattableString.Invariant(
                $"the text to learn from had {before.TrainingCount:N0} tokens and has {dataset.TrainingCount:N0} now"));
        }

        // Only the constant schedule does not ask how long the run is.
        var isConstant = options.Schedule == "constant" && checkpoint.State.Options.Schedule == "constant";
        var changes = differences.Where(
            difference => !Free.Contains(difference.Name) && !(isConstant && Lengths.Contains(difference.Name)));
        if (changes.Any())
            warn($"The run began with {Describe(changes)}. It continues, but not as it would have.");
        if (run.HasRule && !checkpoint.State.HasRule)
            warn("The run began with a schedule that has a name. It continues by a rule of your own.");
        if (!run.HasRule && checkpoint.State.HasRule)
        {
            warn("The run began with a rule of your own for the learning rate, which a checkpoint cannot hold. " +
                "Give it again, or the run continues with the schedule alone.");
        }

        var (dropout, dropoutBefore) = (run.Model.Configuration.Dropout, checkpoint.State.Configuration.Dropout);
        if (options.Trainer.Dropout is null && dropout != dropoutBefore)
        {
            warn(FormattableString.Invariant($"The dropout of the model is {dropout}, and was {dropoutBefore} when the run began. ") +
                "It continues, but not as it would have.");
        }

        var (ranks, ranksBefore) = (run.Communicator.Size, checkpoint.State.RankCount);
        if (ranks != ranksBefore)
        {
            warn($"The run had {ranksBefore} processes and has {ranks} now, so a step is made of another number of batches. "
                + "It continues, but not as it would have.");
        }

        if (dataset != before)
            warn("This is not the text that the run began with. It continues, but not as it would have, and losses may not be comparable.");
    }

    private static string Describe(IEnumerable<(string Name, string Stored, string Given)> differences) =>
        string.Join(", ", differences.Select(difference => $"{difference.Name} {difference.Stored} instead of {difference.Given}"));

    private GptException Mismatch(string problem) => new(
        "CheckpointMismatch", GptErrorKind.InvalidData,
        $"The run in '{Path.GetDirectoryName(checkpoint.Path)}' cannot be resumed: {problem}. " +
        "Give the text and the options that it began with, or choose another directory.");
}
