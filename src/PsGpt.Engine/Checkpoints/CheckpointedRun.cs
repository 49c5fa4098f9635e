using PsGpt.Training;

namespace PsGpt.Checkpoints;

/// <summary>
/// A run that keeps checkpoints: at an interval of steps, at each new lowest validation loss, and when it ends, is stopped or fails.
/// </summary>
public sealed class CheckpointedRun
{
    private readonly TrainingRun run;
    private readonly CheckpointStore store;
    private readonly CheckpointOptions options;
    private readonly DatasetFingerprint dataset;
    private TrainingStep? last;
    private bool isResumed;

    /// <summary>Prepares it.</summary>
    /// <param name="run">The run, before its first step; the caller's to dispose.</param>
    /// <param name="store">Where checkpoints go; the caller's to dispose.</param>
    /// <param name="options">Which checkpoints to write.</param>
    /// <exception cref="GptException"><c>CheckpointOptionsInvalid</c>; <c>FormatCannotHold</c>: no file can hold the model's tokenizer.</exception>
    public CheckpointedRun(TrainingRun run, CheckpointStore store, CheckpointOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Checkpoint.RequireWritable(run.Model);
        (this.run, this.store, this.options) = (run, store, options);
        dataset = DatasetFingerprint.Of(run.Dataset);
    }

    /// <summary>
    /// Continues from a checkpoint: with the options and the text that the run began with, it ends with the same bits as a run that was
    /// never stopped.
    /// </summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="warn">Receives a sentence about each changed option, or a changed text, that lets the run continue.</param>
    /// <param name="cancellationToken">Stops the call; the model may have some of the checkpoint's weights then.</param>
    /// <exception cref="GptException">
    /// <c>CheckpointMismatch</c>: another model, another optimizer, or a part of the text is missing; the model is as it was.
    /// <c>ReadFailed</c>, <c>DiskFull</c>, <c>WriteFailed</c>.
    /// </exception>
    public void Resume(Checkpoint checkpoint, Action<string> warn, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(warn);
        checkpoint.RequireFit(run.Model);
        new ResumeCheck(checkpoint).Require(run, dataset, warn);
        var before = run.Model.TrainingState.Step;
        run.Model.TrainingState.Step = checkpoint.State.Progress.Step;
        try
        {
            run.Resume(checkpoint.State.Progress, cancellationToken);
        }
        catch
        {
            run.Model.TrainingState.Step = before;
            throw;
        }

        checkpoint.Restore(run.Model, cancellationToken);
        store.ContinueFrom(checkpoint);
        isResumed = true;
    }

    /// <summary>The steps of <see cref="TrainingRun.Steps"/>. Each is returned before its checkpoint is written.</summary>
    /// <exception cref="GptException">
    /// The errors of <see cref="TrainingRun.Steps"/> and <see cref="CheckpointStore.Save"/>; <c>CheckpointsExist</c>: the directory holds
    /// those of another run.
    /// </exception>
    public IEnumerable<TrainingStep> Steps(CancellationToken cancellationToken = default)
    {
        RequireOwnDirectory();
        try
        {
            foreach (var step in run.Steps(cancellationToken))
            {
                last = step;
                yield return step;
                if (IsBest || (options.CheckpointInterval > 0 && run.DoneStepCount % options.CheckpointInterval == 0))
                    Save();
            }
        }
        finally
        {
            Save();
        }
    }

    private bool IsBest => last?.ValidationLoss is not null && run.Progress.EvaluationsWithoutImprovement == 0;

    /// <summary>
    /// Saves the last step unless that has been tried. It cannot be cancelled: a stopped run is to be resumed from there.
    /// </summary>
    private void Save()
    {
        if (last is null)
            return;
        var state = new CheckpointState
        {
            Configuration = run.Model.Configuration,
            TokenizerName = run.Model.Tokenizer?.Name,
            Options = run.Options,
            HasRule = run.HasRule,
            Dataset = dataset,
            Checkpoints = options,
            Progress = run.Progress,
            IsBest = IsBest,
        };
        last = null;
        store.Save(run.Model, state, CancellationToken.None);
    }

    private void RequireOwnDirectory()
    {
        if (!isResumed)
            CheckpointStore.RequireNoRun(store.Path);
    }
}
