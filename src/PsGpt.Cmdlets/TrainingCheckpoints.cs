using PsGpt.Checkpoints;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>The checkpoints of one run of <c>Start-GptTraining</c>.</summary>
internal sealed class TrainingCheckpoints : IDisposable
{
    private readonly GptCmdlet cmdlet;
    private readonly CheckpointOptions given;
    private readonly HashSet<string> givenNames;
    private readonly CheckpointStore store;
    private readonly Checkpoint? found;

    /// <summary>Opens the directory, and looks for a checkpoint to go on from where that is asked for.</summary>
    public TrainingCheckpoints(GptCmdlet cmdlet, string path, CheckpointOptions given, bool resume)
    {
        (this.cmdlet, this.given) = (cmdlet, given);
        givenNames = [.. cmdlet.MyInvocation.BoundParameters.Keys];
        store = new CheckpointStore(new PathResolver(cmdlet).ResolveNew(path));
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

    /// <summary>The options to train with: what the run was begun with, but for what the user gives.</summary>
    /// <param name="options">The options by all parameters, given or not.</param>
    public TrainingRunOptions Apply(TrainingRunOptions options) => found?.State.OptionsWith(options, givenNames) ?? options;

    /// <summary>The steps of a run that goes on where it was and keeps checkpoints.</summary>
    public IEnumerable<TrainingStep> Steps(TrainingRun run)
    {
        var checkpointed = new CheckpointedRun(run, store, found?.State.CheckpointsWith(given, givenNames) ?? given);
        if (found is not null)
        {
            checkpointed.Resume(found, cmdlet.WriteWarning, cmdlet.StopToken);
            cmdlet.WriteVerbose($"The run goes on from '{found.Path}'.");
        }

        return Steps(checkpointed, run);
    }

    /// <summary>Lets other runs use the directory.</summary>
    public void Dispose() => store.Dispose();

    private IEnumerable<TrainingStep> Steps(CheckpointedRun checkpointed, TrainingRun run)
    {
        var before = run.DoneStepCount;
        foreach (var step in checkpointed.Steps(cmdlet.StopToken))
            yield return step;
        if (run.DoneStepCount == before)
            cmdlet.WriteWarning($"The run in '{store.Path}' is over already, after {before} steps: the model stands at its last one. Give more steps to make it longer.");
    }
}
