using PsGpt.Data;

namespace PsGpt.Checkpoints;

/// <summary>Looks for numbers in a checkpoint's state that no run can have written, however right the checksum is.</summary>
internal static class StateCheck
{
    /// <summary>Requires numbers that fit each other, so that no loop runs by a wrong one.</summary>
    /// <exception cref="InvalidDataException">Names the first that does not fit.</exception>
    /// <exception cref="GptException">The configuration or the options are not valid.</exception>
    public static void Require(CheckpointState state)
    {
        state.Configuration.Validate();
        state.Options.Validate();
        state.Checkpoints.Validate();
        var progress = state.Progress;
        Require(progress.Step >= 0, $"the step {progress.Step} is negative");
        Require(progress.RunStep >= 0 && progress.RunStep <= progress.Step, $"{progress.RunStep} of {progress.Step} steps are of this run");
        Require(
            progress.BatchCount >= 0 && state.RankCount >= 1,
            $"{progress.BatchCount} batches of {state.RankCount} ranks are not possible");
        Require(progress.EvaluationsWithoutImprovement >= 0, $"{progress.EvaluationsWithoutImprovement} measurements are negative");
        Require(progress.Epoch >= 0 && double.IsFinite(progress.Epoch), $"the epoch {progress.Epoch} is not possible");
        Require(progress.ElapsedSeconds >= 0 && double.IsFinite(progress.ElapsedSeconds), $"{progress.ElapsedSeconds} s are not possible");
        Require(state.Dataset.TrainingCount >= 0 && state.Dataset.ValidationCount >= 0, $"a number of tokens is negative");
        RequirePlace(progress.Position, state);
    }

    /// <summary>An epoch has at least one batch, so that a run cannot have more epochs than batches; nor more shards than tokens.</summary>
    private static void RequirePlace(BatchPosition position, CheckpointState state)
    {
        var batches = Math.Max(state.Progress.BatchCount, (long)state.Progress.RunStep * state.Options.Accumulation);
        var tokens = state.Dataset.TrainingCount;
        var isOrdered = state.Options.Order != BatchOrder.Random && !state.Options.OverfitOneBatch;
        Require(position.Epoch >= 0 && position.Epoch <= batches, $"{batches} batches cannot make {position.Epoch} epochs");
        Require(position.Shard >= 0 && position.Shard <= tokens, $"there is no shard {position.Shard}");
        Require(position.Place >= 0 && (!isOrdered || position.Place <= tokens), $"there is no place {position.Place} in the text");
    }

    private static void Require(bool condition, FormattableString problem)
    {
        if (!condition)
            throw new InvalidDataException(FormattableString.Invariant(problem));
    }
}
