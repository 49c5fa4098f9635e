using System.Management.Automation;
using PsGpt.Checkpoints;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>
/// Trains models in place on random windows of text and measures them on held-out text. Emits each step when it is
/// done; stop the pipeline, and the model stands at the last one.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "GptTraining", DefaultParameterSetName = BuiltInSet)]
[OutputType(typeof(TrainingStep), typeof(GptModel))]
public sealed class StartGptTrainingCommand : GptCmdlet
{
    private const string BuiltInSet = "BuiltIn";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string TokenSet = "Token";
    private const string DatasetSet = "Dataset";

    private readonly TokenCollector piped = new();
    private bool tokensArePiped;
    private bool hasCheckpoints;

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public GptModel? Model { get; set; }

    /// <summary>Text files to train on, one after the other, with the token that separates texts in between. Wildcards are resolved.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>Text files whose paths are taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[]? LiteralPath { get; set; }

    /// <summary>Tokens to train on, as <c>ConvertTo-GptTokens -Model</c> makes them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = TokenSet)]
    [ValidateNotNull]
    public TokenSequence[]? Tokens { get; set; }

    /// <summary>What to train on and what to measure on, as <c>New-GptDataset</c> makes it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DatasetSet)]
    [ValidateNotNull]
    public TokenDataset? Dataset { get; set; }

    /// <summary>How many steps.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Steps { get; set; } = new TrainingRunOptions().StepCount!.Value;

    /// <summary>The rows of a batch.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int BatchSize { get; set; } = new TrainingRunOptions().BatchSize;

    /// <summary>The tokens of a row; 64, or the model's context where that is shorter, unless it is given.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? SequenceLength { get; set; }

    /// <summary>The learning rate, above 0.</summary>
    [Parameter]
    public float LearningRate { get; set; } = new TrainerOptions().LearningRate;

    /// <summary>The share at the end of the text that is held out to measure the loss on, 0 to below 1.</summary>
    [Parameter(ParameterSetName = BuiltInSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = TokenSet)]
    public double ValidationFraction { get; set; } = 0.1;

    /// <summary>How many steps lie between two measurements on held-out text; 0 measures nothing.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ValidationInterval { get; set; } = new TrainingRunOptions().ValidationInterval;

    /// <summary>The same seed gives the same run.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>A directory for checkpoints: the latest, the best by the loss on held-out text, and older ones. Where the run ends or is stopped, its last step is saved too.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CheckpointPath { get; set; }

    /// <summary>How many steps lie between two checkpoints; 0 keeps those of the best step and the last one.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int CheckpointInterval { get; set; } = new CheckpointOptions().Interval;

    /// <summary>How many checkpoints to keep beside the latest and the best.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Keep { get; set; } = new CheckpointOptions().Keep;

    /// <summary>Goes on from the latest checkpoint, with what the run was begun with except for what is given. The text must be the same.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Emits the trained model instead of the steps.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Model;

    /// <inheritdoc/>
    protected override void Begin()
    {
        tokensArePiped = Model is not null && Tokens is null && MyInvocation.ExpectingInput;
        string[] needPath = [nameof(CheckpointInterval), nameof(Keep), nameof(Resume)];
        if (CheckpointPath is null && needPath.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } name)
            throw new GptException("CheckpointPathMissing", GptErrorKind.InvalidArgument, $"-{name} is about checkpoints. Say with -CheckpointPath where they are.");
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (tokensArePiped)
            AddTokens(piped);
        else if (ParameterSetName == DatasetSet)
            Train(Model!, _ => Dataset!);
        else
            Train(Model!, GatherTokens(Model!));
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (tokensArePiped)
            Train(Model!, piped);
    }

    private TokenCollector AddTokens(TokenCollector collector)
    {
        foreach (var sequence in Tokens!)
            collector.Add(sequence);
        return collector;
    }

    private TokenCollector GatherTokens(GptModel model)
    {
        if (ParameterSetName == TokenSet)
            return AddTokens(new TokenCollector());
        var tokenizer = TokenizerChoice.Of(model);
        if (ParameterSetName != BuiltInSet)
            return new TextTokens(this, tokenizer).Read(new PathResolver(this).Resolve(Path, LiteralPath));
        var collector = new TokenCollector();
        collector.Add(BuiltInTokens(tokenizer));
        return collector;
    }

    /// <summary>A world that the built-in model has never heard of, so that there is something to learn.</summary>
    private static TokenSequence BuiltInTokens(Tokenizer tokenizer) => SampleText.GenerateTokens(tokenizer, count: 400, seed: 1, SampleTheme.Sea);

    private void Train(GptModel model, TokenCollector tokens)
    {
        // Where nothing could be read, that has been told already.
        if (tokens.TokenizerName is null)
            return;
        Train(model, options => TokenDataset.Split(
            "text", new TokenMemory(tokens.ToArray()), tokens.TokenizerName, options.ValidationInterval == 0 ? 0 : ValidationFraction, minimumValidationCount: options.SequenceLength + 1));
    }

    /// <param name="datasetFor">Gives the dataset when the options are known: those of a run that is resumed are in its checkpoint.</param>
    private void Train(GptModel model, Func<TrainingRunOptions, TokenDataset> datasetFor)
    {
        using (var checkpoints = OpenCheckpoints())
        {
            var options = checkpoints?.Apply(Options(model)) ?? Options(model);
            var dataset = datasetFor(options);
            using var run = new TrainingRun(model, dataset, options, rule: null, StopToken);
            if (ParameterSetName == DatasetSet && dataset.Validation.Count > 0 && options.ValidationInterval > 0 && !run.MeasuresValidation)
                WriteWarning($"The {dataset.Validation.Count} tokens that the dataset holds out are too few for a row of {options.SequenceLength}: the loss on them is not measured.");
            hasCheckpoints = checkpoints is not null;
            TakeSteps(run, checkpoints?.Steps(run) ?? run.Steps(StopToken));
        }

        if (PassThru)
            WriteObject(model);
    }

    private TrainingCheckpoints? OpenCheckpoints()
    {
        if (CheckpointPath is null)
            return null;
        if (hasCheckpoints)
            throw new GptException("CheckpointPathTaken", GptErrorKind.InvalidArgument, $"'{CheckpointPath}' holds the checkpoints of the model before. Train one model at a time, each with a directory of its own.");
        return new TrainingCheckpoints(this, CheckpointPath, new CheckpointOptions { Interval = CheckpointInterval, Keep = Keep }, Resume);
    }

    private void TakeSteps(TrainingRun run, IEnumerable<TrainingStep> steps)
    {
        var count = run.PlannedStepCount!.Value;
        using var progress = new ProgressReport(this, $"Training {run.Model.Name}", alreadyDone: (double)run.DoneStepCount / count);
        foreach (var step in steps)
        {
            progress.Update((double)run.DoneStepCount / count, () => $"Step {run.DoneStepCount} of {count}, loss {step.Loss:0.000}, {step.TokensPerSecond:N0} tokens/s");
            if (!PassThru)
                WriteObject(step);
        }
    }

    private TrainingRunOptions Options(GptModel model) => new()
    {
        StepCount = Steps,
        BatchSize = BatchSize,
        SequenceLength = SequenceLengthFor(model),
        ValidationInterval = ValidationInterval,
        Seed = Seed,
        Trainer = new TrainerOptions { LearningRate = LearningRate, Seed = Seed },
    };

    private int SequenceLengthFor(GptModel model) =>
        SequenceLength ?? Math.Min(new TrainingRunOptions().SequenceLength, model.Configuration.ContextLength);
}
