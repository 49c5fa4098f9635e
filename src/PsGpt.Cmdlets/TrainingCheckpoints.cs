using PsGpt.Checkpoints;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>The checkpoints of one run of <c>Start-GptTraining</c>.</summary>
internal sealed class TrainingCheckpoints : IDisposable
{
    private readonly GptCmdlet cmdlet;
    private readonly TrainingRanks ranks;
    private readonly CheckpointStore? store;
    private Checkpoint? found;
    private CheckpointOptions options;

    /// <summary>Opens the directory, and looks for a checkpoint to resume from where that is asked for.</summary>
    /// <param name="path">The full path of the directory.</param>
    /// <param name="options">The checkpoints to write.</param>
    /// <param name="resume">Whether to resume the run that is there.</param>
    /// <param name="ranks">The processes that train together; the first of them reads and writes all checkpoints.</param>
    public TrainingCheckpoints(GptCmdlet cmdlet, string path, CheckpointOptions options, bool resume, TrainingRanks ranks)
    {
        (this.cmdlet, this.options, this.ranks) = (cmdlet, options, ranks);
        if (!ranks.IsFirst)
            return;
        store = new CheckpointStore(path);
        try
        {
            found = resume ? store.FindNewest(cmdlet.WriteWarning, cmdlet.StopToken) : null;
            if (resume && found is null)
                cmdlet.WriteWarning($"There is no checkpoint in '{store.Path}' yet: the run begins at its beginning.");
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The options to train with: those that the run was begun with, except for those that the user gives.</summary>
    /// <param name="given">The options as the parameters and the recipe say.</param>
    /// <param name="givenNames">The names of the options that the user gives.</param>
    public TrainingRunOptions Apply(TrainingRunOptions given, IReadOnlySet<string> givenNames)
    {
        found = Checkpoint.Share(ranks.Communicator, found);
        options = found?.State.CheckpointsWith(options, givenNames) ?? options;
        return found?.State.OptionsWith(given, givenNames) ?? given;
    }

    /// <summary>The steps of a run that keeps checkpoints, from its beginning or from the checkpoint that was found.</summary>
    public IEnumerable<TrainingStep> Steps(TrainingRun run)
    {
        var checkpointed = new CheckpointedRun(run, store, options);
        if (found is not null)
        {
            checkpointed.Resume(found, ranks.IsFirst ? cmdlet.WriteWarning : _ => { }, cmdlet.StopToken);
            cmdlet.WriteVerbose($"The run resumes from '{found.Path}'.");
        }

        return Steps(checkpointed, run);
    }

    /// <summary>Lets other runs use the directory.</summary>
    public void Dispose() => store?.Dispose();

    private IEnumerable<TrainingStep> Steps(CheckpointedRun checkpointed, TrainingRun run)
    {
        var before = run.DoneStepCount;
        foreach (var step in checkpointed.Steps(cmdlet.StopToken))
            yield return step;
        if (store is not null && run.DoneStepCount == before)
        {
            cmdlet.WriteWarning($"The run in '{store.Path}' is over already, after {before} steps: the model stands at its last one. "
                + "Give more steps to make it longer.");
        }
    }
}
