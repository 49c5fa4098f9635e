using System.Management.Automation;
using PsGpt.Checkpoints;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Samples;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>
/// Trains models in place on text and measures them on held-out text. Emits each step when it is done; stop the pipeline, and the
/// model stands at the last one.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "GptTraining", DefaultParameterSetName = BuiltInSet)]
[OutputType(typeof(TrainingStep), typeof(GptModel), typeof(LossMeasurement))]
public sealed class StartGptTrainingCommand : TrainingCmdlet
{
    private const string BuiltInSet = "BuiltIn";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string TokenSet = "Token";
    private const string DatasetSet = "Dataset";

    private readonly TokenBuilder piped = new();
    private bool tokensAreArgument;
    private bool hasCheckpoints;
    private Recipe? recipe;

    /// <summary>The model; the recipe's, or a copy of the built-in one, unless it is given.</summary>
    [Parameter(ValueFromPipeline = true)]
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

    /// <summary>What to train on and what to measure on, as <c>New-GptDataset</c> and <c>Import-GptTokens</c> make it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DatasetSet)]
    [ValidateNotNull]
    public TokenDataset? Dataset { get; set; }

    /// <summary>The share at the end of the text that is held out to measure the loss on, 0 to below 1; a tenth unless this or <see cref="ValidationPath"/> is given.</summary>
    [Parameter(ParameterSetName = BuiltInSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = TokenSet)]
    public double? ValidationFraction { get; set; }

    /// <summary>Text files that are held out instead of the end of the text. Wildcards are resolved.</summary>
    [Parameter(ParameterSetName = BuiltInSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = TokenSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? ValidationPath { get; set; }

    /// <summary>A recipe by its name (see <c>Get-GptRecipe</c>), or a file of that form (*.psd1): parameters that are not given are set as it says.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    public string? Recipe { get; set; }

    /// <summary>Measures the model on held-out text and does not train it.</summary>
    [Parameter]
    public SwitchParameter EvaluateOnly { get; set; }

    /// <summary>A directory for checkpoints: the latest, the best by the loss on held-out text, and older ones. Where the run ends or is stopped, its last step is saved too.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CheckpointPath { get; set; }

    /// <summary>How many steps lie between two checkpoints; 0 keeps those of the best step and the last one.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int CheckpointInterval { get; set; } = new CheckpointOptions().CheckpointInterval;

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
        tokensAreArgument = Tokens is not null;
        if (Recipe is not null)
        {
            recipe = RecipeCatalog.Get(Recipe, new PathResolver(this));
            RecipeValues.Apply(recipe.Parameters, this, typeof(TrainingCmdlet), MyInvocation.BoundParameters.Keys, recipe.Name);
        }

        string[] needPath = [nameof(CheckpointInterval), nameof(Keep), nameof(Resume)];
        if (CheckpointPath is null && needPath.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } name)
            throw new GptException("CheckpointPathMissing", GptErrorKind.InvalidArgument, $"-{name} is about checkpoints. Say with -CheckpointPath where they are.");
        ValidationChoice.RequireOne(ValidationPath, ValidationFraction);
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ParameterSetName == TokenSet && !tokensAreArgument)
            Collect(piped);
        else if (Model is not null)
            Train(Model);
        else
            TrainOwn();
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (piped.TokenizerName is null)
            return;
        if (Model is null)
            throw ModelMissing();
        Train(Model);
    }

    private TokenBuilder Collect(TokenBuilder collector)
    {
        foreach (var sequence in Tokens!)
            collector.Add(sequence);
        return collector;
    }

    /// <summary>Trains a model that nobody gave: it is lost at the end unless it is passed on.</summary>
    private void TrainOwn()
    {
        if (ParameterSetName is TokenSet or DatasetSet)
            throw ModelMissing();
        if (!PassThru && !EvaluateOnly && CheckpointPath is null)
            WriteWarning("The trained model is not kept. Add -PassThru and go on with what it emits, such as: … -PassThru | Export-GptModel -Path story");
        var model = new OwnModel(this, recipe).Create(TextFiles(), Seed);
        try
        {
            Train(model);
        }
        finally
        {
            if (!PassThru)
                model.Dispose();
        }
    }

    private void Train(GptModel model)
    {
        if (Dataset is not null)
            Train(model, _ => Dataset);
        else if (GatherTokens(model) is { TokenizerName: not null } tokens)
            Train(model, options => new HeldOutText(this, model, ValidationPath, NeedsNoValidation(options) ? 0 : ValidationFraction).Divide(tokens, options.SequenceLength));
    }

    private bool NeedsNoValidation(TrainingRunOptions options) => options.ValidationInterval == 0 && !EvaluateOnly;

    private ITokenSource? GatherTokens(GptModel model) => ParameterSetName switch
    {
        TokenSet => tokensAreArgument ? Collect(new TokenBuilder()) : piped,
        BuiltInSet => BuiltInText.Tokens(TokenizerChoice.Of(model)),
        _ => TextInput.ReadFiles(this, TokenizerChoice.Of(model), TextFiles()),
    };

    private string[] TextFiles() => [.. new PathResolver(this).Resolve(Path, LiteralPath)];

    /// <param name="datasetFor">Gives the dataset when the options are known: those of a run that is resumed are in its checkpoint.</param>
    private void Train(GptModel model, Func<TrainingRunOptions, TokenDataset?> datasetFor)
    {
        using (var checkpoints = OpenCheckpoints())
        {
            var options = checkpoints?.Apply(OptionsFor(model)) ?? OptionsFor(model);
            if (datasetFor(options) is not { } dataset)
                return;
            if (EvaluateOnly)
            {
                Measure(model, dataset, options);
                return;
            }

            using var samples = SampleInterval > 0 ? new TrainingSamples(model, dataset, SampleInterval, SamplePrompt, Seed) : null;
            var kernelTable = new KernelTable(this);
            using var run = new TrainingRun(model, dataset, options, ScheduleBlock.RuleOf(Schedule), kernelTable.IsWanted, StopToken);
            if (ParameterSetName == DatasetSet && dataset.Validation.Count > 0 && options.ValidationInterval > 0 && !run.MeasuresValidation)
                WriteWarning($"The {dataset.ValidationCount} tokens that the dataset holds out are too few for a row of {options.SequenceLength}: the loss on them is not measured.");
            hasCheckpoints = checkpoints is not null;
            TakeSteps(run, checkpoints?.Steps(run) ?? run.Steps(StopToken), samples);
            kernelTable.Write(run.KernelTimes);
        }

        if (PassThru)
            WriteObject(model);
    }

    private void Measure(GptModel model, TokenDataset dataset, TrainingRunOptions options)
    {
        model.RequireTokenizer(dataset.TokenizerName);
        WriteObject(new LossEvaluator(dataset, options with { ValidationInterval = 1 }).Measure(model, StopToken));
    }

    private TrainingCheckpoints? OpenCheckpoints()
    {
        if (CheckpointPath is null || EvaluateOnly)
            return null;
        if (hasCheckpoints)
            throw new GptException("CheckpointPathTaken", GptErrorKind.InvalidArgument, $"'{CheckpointPath}' holds the checkpoints of the model before. Train one model at a time, each with a directory of its own.");
        return new TrainingCheckpoints(this, CheckpointPath, new CheckpointOptions { CheckpointInterval = CheckpointInterval, Keep = Keep }, Resume);
    }

    private void TakeSteps(TrainingRun run, IEnumerable<TrainingStep> steps, TrainingSamples? samples)
    {
        using var progress = new TrainingProgressBar(this, run);
        foreach (var step in steps)
        {
            progress.Update(step);
            var shown = samples?.AddTo(step, run.DoneStepCount, StopToken) ?? step;
            if (shown.Sample is not null)
                WriteInformation(new HostInformationMessage { Message = shown.Sample }, ["PSHOST"]);
            if (!PassThru)
                WriteObject(shown);
        }
    }

    private static GptException ModelMissing() => new("ModelMissing", GptErrorKind.InvalidArgument,
        "Tokens and datasets need the model that they were made for. Give it with -Model, or pipe it: $model | Start-GptTraining …");
}
