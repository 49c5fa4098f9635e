using System.Runtime.ExceptionServices;
using PsGpt.Communication;
using PsGpt.Data;
using PsGpt.Formats;
using PsGpt.Training;

namespace PsGpt.Checkpoints;

/// <summary>
/// A run that keeps checkpoints: at an interval of steps, at each new lowest validation loss, and when it ends, is stopped or fails.
/// </summary>
public sealed class CheckpointedRun
{
    private readonly TrainingRun run;
    private readonly CheckpointStore? store;
    private readonly CheckpointOptions options;
    private readonly DatasetFingerprint dataset;
    private TrainingStep? last;
    private bool isResumed;

    /// <summary>Prepares it.</summary>
    /// <param name="run">The run, before its first step; the caller's to dispose.</param>
    /// <param name="store">The place of the checkpoints, the caller's to dispose; null on ranks other than 0, which write none.</param>
    /// <param name="options">Which checkpoints to write.</param>
    /// <exception cref="GptException">
    /// <c>CheckpointOptionsInvalid</c>; <c>FormatCannotHold</c>: no file can hold the model's tokenizer.
    /// </exception>
    public CheckpointedRun(TrainingRun run, CheckpointStore? store, CheckpointOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        if (run.Communicator.Rank == 0)
            ArgumentNullException.ThrowIfNull(store);
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
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="GptException">
    /// <c>CheckpointMismatch</c>: another model, another optimizer, or a part of the text is missing; <c>ReadFailed</c>,
    /// <c>OutOfMemory</c>, <c>DiskFull</c>, <c>WriteFailed</c>. The model is as it was. Where several processes train together, what fails
    /// on one of them fails on all.
    /// </exception>
    public void Resume(Checkpoint checkpoint, Action<string> warn, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(warn);
        var before = run.Model.TrainingState.Step;
        try
        {
            run.Communicator.Together(() => Place(checkpoint, warn, cancellationToken));
            if (run.Communicator.Size == 1)
                checkpoint.Restore(run.Model, cancellationToken);
            else
                RankCheckpoint.Restore(run, new DirectorySource(checkpoint.Path), checkpoint.State.Progress.Step);
        }
        catch
        {
            run.Model.TrainingState.Step = before;
            throw;
        }

        run.Communicator.Together(() => store?.ContinueFrom(checkpoint));
        isResumed = true;
    }

    /// <summary>Puts the run to the place of a checkpoint that fits it; the model gets the weights of that place afterwards.</summary>
    private void Place(Checkpoint checkpoint, Action<string> warn, CancellationToken cancellationToken)
    {
        checkpoint.RequireFit(run.Model);
        new ResumeCheck(checkpoint).Require(run, dataset, warn);
        run.Model.TrainingState.Step = checkpoint.State.Progress.Step;
        run.Resume(checkpoint.State.Progress, cancellationToken);
    }

    /// <summary>The steps of <see cref="TrainingRun.Steps"/>. Each is returned before its checkpoint is written.</summary>
    /// <exception cref="GptException">
    /// The errors of <see cref="TrainingRun.Steps"/> and <see cref="CheckpointStore.Save"/>; <c>CheckpointsExist</c>: the directory holds
    /// those of another run.
    /// </exception>
    public IEnumerable<TrainingStep> Steps(CancellationToken cancellationToken = default)
    {
        run.Communicator.Together(RequireOwnDirectory);
        try
        {
            foreach (var step in run.Steps(cancellationToken))
            {
                last = step;
                try
                {
                    yield return step;
                }
                finally
                {
                    // Also where this rank is asked for no more steps: the others save now, and learn that only then.
                    if (IsBest || (options.CheckpointInterval > 0 && run.DoneStepCount % options.CheckpointInterval == 0))
                        Save();
                }
            }
        }
        finally
        {
            if (!run.IsInterrupted)
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
            RankCount = run.Communicator.Size,
            Checkpoints = options,
            Progress = run.Progress,
            IsBest = IsBest,
        };
        last = null;
        run.ShowAverage();
        if (run.Communicator.Size == 1)
            store!.Save(run.Model, state);
        else
            SaveTogether(state);
    }

    /// <summary>Where rank 0 cannot write, all ranks hear of it, and fail alike.</summary>
    private void SaveTogether(CheckpointState state)
    {
        var moments = new MomentCollection(run.Communicator, run.Model);
        Exception? failure = null;
        try
        {
            store?.Write(run.Model, state, moments, CancellationToken.None);
        }
        catch (Exception exception)
        {
            var message = $"Rank {run.Communicator.Rank} on {Environment.MachineName} cannot save the run: {exception.Message}";
            failure = exception is GptException known ? new GptException(known.ErrorId, known.Kind, message, exception) : exception;
        }

        moments.Complete();
        run.Communicator.Together(() =>
        {
            if (failure is not null)
                ExceptionDispatchInfo.Throw(failure);
        });
    }

    private void RequireOwnDirectory()
    {
        if (!isResumed && store is not null)
            CheckpointStore.RequireNoRun(store.Path);
    }
}
