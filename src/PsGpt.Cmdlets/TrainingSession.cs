using System.Management.Automation;
using PsGpt.Checkpoints;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>
/// One training of one model by <c>Start-GptTraining</c>: its checkpoints, its steps and everything that is shown of them.
/// </summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly GptCmdlet cmdlet;
    private readonly GptModel model;
    private readonly TrainingRanks ranks;
    private readonly TrainingCheckpoints? checkpoints;

    /// <param name="checkpointPath">The full path of the directory for checkpoints; null for none.</param>
    /// <param name="resume">Whether to resume the run that is there.</param>
    /// <param name="checkpointOptions">Which checkpoints to write.</param>
    /// <param name="ranks">The processes that train together.</param>
    public TrainingSession(
        GptCmdlet cmdlet, GptModel model, string? checkpointPath, bool resume, CheckpointOptions checkpointOptions, TrainingRanks ranks)
    {
        (this.cmdlet, this.model, this.ranks) = (cmdlet, model, ranks);
        checkpoints = checkpointPath is null ? null : new TrainingCheckpoints(cmdlet, checkpointPath, checkpointOptions, resume, ranks);
    }

    /// <summary>The options of the run: those of the run that is resumed, if any, and all that depend on the model.</summary>
    public TrainingRunOptions Resolve(TrainingRunOptions options, IReadOnlySet<string> givenNames) =>
        (checkpoints?.Apply(options, givenNames) ?? options).For(model);

    /// <summary>Measures the model without training it, each rank on some of the batches.</summary>
    public LossMeasurement Measure(TokenDataset dataset, TrainingRunOptions options)
    {
        model.RequireTokenizer(dataset.TokenizerName);
        return new LossEvaluator(model, dataset, options, ranks.Communicator).Measure(cmdlet.StopToken);
    }

    /// <summary>Trains the model.</summary>
    /// <param name="rule">The user's own rule for learning rates, or null.</param>
    /// <param name="requiresValidation">Whether it is an error where held-out text is too short to be measured.</param>
    /// <param name="emitsModel">Whether the model is emitted at the end instead of the steps.</param>
    public void Run(TokenDataset dataset, TrainingRunOptions options, LearningRateRule? rule, bool requiresValidation, bool emitsModel)
    {
        using var samples = ranks.Together(() => options.SampleInterval > 0 && ranks.IsFirst
            ? new TrainingSamples(model, dataset, options.SamplePrompt, options.Seed!.Value)
            : null);
        var kernelTable = new KernelTable(cmdlet);
        using var run = ranks.Together(() =>
        {
            using var progress = new ProgressReport(cmdlet, "Checking tokens", isOftenShort: true);
            var run = new TrainingRun(
                model, dataset, options, rule, kernelTable.IsWanted, ranks.Communicator, progress.Shares, cmdlet.StopToken)
            {
                KeepsBest = emitsModel && options.Patience > 0,
                Sampler = samples is null ? null : samples.Write,
            };
            if (requiresValidation && options.ValidationInterval > 0)
                run.RequireValidation();
            return run;
        });
        if (ranks.IsFirst)
            Announce(run);
        TakeSteps(run, emitsModel);
        kernelTable.Write(run.KernelTimes);
        if (run.KeepsBest && !run.RestoreBest() && ranks.IsFirst)
        {
            cmdlet.WriteWarning("The run had its lowest loss on held-out text before it was resumed: the model is emitted as it is after "
                + "its last step. The checkpoint 'best' has the model of the lowest loss.");
        }
    }

    public void Dispose() => checkpoints?.Dispose();

    private void Announce(TrainingRun run)
    {
        var options = run.Options;
        if (run.Dataset.Validation.Count > 0 && options.ValidationInterval > 0 && !run.MeasuresValidation)
        {
            cmdlet.WriteWarning($"The {run.Dataset.Validation.Count} tokens that the dataset holds out are too few for a row of "
                + $"{options.SequenceLength}: the loss on them is not measured.");
        }

        if (run.PlannedStepCount < options.WarmupSteps && !run.HasRule)
        {
            cmdlet.WriteWarning(FormattableString.Invariant($"The run ends within the warm-up of {options.WarmupSteps} steps, ")
                + FormattableString.Invariant($"so the learning rate stays below {options.Trainer.LearningRate}."));
        }

        if (ranks.IsAlone)
            return;
        Show($"{ranks.Communicator.Size} processes over {ranks.Communicator.Name} take {run.TokensPerStep:N0} tokens a step: "
            + $"{options.Accumulation} x {options.BatchSize} x {options.SequenceLength} each.");
    }

    private void TakeSteps(TrainingRun run, bool emitsModel)
    {
        var steps = checkpoints?.Steps(run) ?? run.Steps(cmdlet.StopToken);
        using var progress = ranks.IsFirst ? new TrainingProgressBar(cmdlet, run) : null;
        foreach (var step in steps)
        {
            progress?.Update(step);
            if (step.Sample is not null)
                Show(step.Sample);
            if (!emitsModel && ranks.IsFirst)
                cmdlet.WriteObject(step);
        }
    }

    private void Show(string message) => cmdlet.WriteInformation(new HostInformationMessage { Message = message }, ["PSHOST"]);
}
