using System.Management.Automation;
using PsGpt.Checkpoints;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>
/// Trains models in place on text and measures them on held-out text. Emits each step when it is done; stop the pipeline, and the
/// model stands at the last one.
/// </summary>
/// <remarks>
/// Models, recipes and datasets that come through the pipeline are trained, or trained on, one after the other. Strings, files and
/// tokens from the pipeline are one text, on which the model is trained when all of it is there.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "GptTraining", DefaultParameterSetName = BuiltInSet, SupportsShouldProcess = true)]
[OutputType(typeof(TrainingStep), typeof(GptModel), typeof(LossMeasurement))]
public sealed partial class StartGptTrainingCommand : TrainingCmdlet
{
    private const string BuiltInSet = "BuiltIn";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string TokenSet = "Token";
    private const string DatasetSet = "Dataset";

    private readonly ModelChoice choice;
    private TrainingRanks ranks = null!;
    private TrainingInput input = null!;
    private bool isReady;
    private Recipe? recipe;
    private bool hasTrained;
    private bool hasPipedModel;

    /// <summary>Makes the cmdlet.</summary>
    public StartGptTrainingCommand() => choice = new ModelChoice(this);

    /// <summary>A model to train, or what to train on: a text file, a string (a line of one text), tokens, a dataset or a recipe.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>The model, its path or its name on the hub; the recipe's, or a copy of the built-in one, unless it is given.</summary>
    [Parameter]
    [ValidateNotNull]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>
    /// The tokenizer that the model speaks instead of its own or the recipe's: the object, its name or the path of its file.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>
    /// Text files to train on, one after the other, with the token that separates texts in between. Wildcards are resolved.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [PathTransformation(Hint = "Other objects come through the pipeline.")]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>Text files whose paths are taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[]? LiteralPath { get; set; }

    /// <summary>Tokens to train on, as <c>ConvertTo-GptTokens -Model</c> makes them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TokenSet)]
    [ValidateNotNull]
    public TokenSequence[]? Tokens { get; set; }

    /// <summary>The text to train on and the text to measure on, as <c>New-GptDataset</c> and <c>Import-GptTokens</c> make them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DatasetSet)]
    [ValidateNotNull]
    public TokenDataset? Dataset { get; set; }

    /// <summary>
    /// A recipe, its name (see <c>Get-GptRecipe</c>) or the path of its file (*.psd1): options that are not given are set as it says.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PathTransformation(Of = "recipe", Also = typeof(Recipe), Hint = "Give one of Get-GptRecipe, its name or the path of its file.")]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    public object? Recipe { get; set; }

    /// <summary>Measures the model on held-out text and does not train it.</summary>
    [Parameter]
    public SwitchParameter EvaluateOnly { get; set; }

    /// <summary>
    /// A directory for checkpoints: the latest, the best by the loss on held-out text, and older ones. Where the run ends or is stopped,
    /// its last step is saved too.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CheckpointPath { get; set; }

    /// <summary>The number of steps between two checkpoints; 0 keeps those of the best step and the last one.</summary>
    [Parameter]
    [WholeNumber(0)]
    public int CheckpointInterval { get; set; } = new CheckpointOptions().CheckpointInterval;

    /// <summary>The number of checkpoints to keep beside the latest and the best.</summary>
    [Parameter]
    [WholeNumber(0)]
    public int Keep { get; set; } = new CheckpointOptions().Keep;

    /// <summary>
    /// Resumes the run from its latest checkpoint, with the options that it was begun with except for those given. The text must be the
    /// same.
    /// </summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Emits the trained model instead of the steps.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>
    /// Trains together with the other processes that <c>mpirun</c> or <c>srun</c> started, each on batches of its own. The first of them
    /// emits the steps, shows the progress and writes the checkpoints.
    /// </summary>
    [Parameter]
    public SwitchParameter Distributed { get; set; }

    /// <inheritdoc/>
    protected override object? Target => InputObject ?? (object?)Model;

    private bool HasText => ParameterSetName != BuiltInSet;

    /// <summary>Whether none of the files that are named is there, which is reported already.</summary>
    private bool HasNoFiles => ParameterSetName is PathSet or LiteralPathSet && input.IsEmpty;

    /// <inheritdoc/>
    protected override void Begin()
    {
        ranks = new TrainingRanks(this, Distributed);
        isReady = ranks.Guard(() => ranks.Together(Prepare));
    }

    /// <returns>Always true.</returns>
    private bool Prepare()
    {
        input = new TrainingInput(this, FileOptions, AllowSpecial);
        var paths = new PathResolver(this);
        recipe = (Recipe is PSObject wrapped ? wrapped.BaseObject : Recipe) switch
        {
            null => null,
            Recipe given => given,
            var nameOrPath => RecipeFile.Find($"{nameOrPath}", paths),
        };

        // A value that cannot be is reported before anything is read, made or warned of.
        _ = OptionsWith(recipe);
        string[] needPath = [nameof(CheckpointInterval), nameof(Keep), nameof(Resume)];
        if (CheckpointPath is null && needPath.FirstOrDefault(GivenNames.Contains) is { } name)
        {
            throw new GptException("CheckpointPathMissing", GptErrorKind.InvalidArgument,
                $"-{name} is about checkpoints. Name their directory with -CheckpointPath.");
        }

        ValidationChoice.RequireOne(ValidationPath, ValidationFraction);
        foreach (var file in paths.Resolve(Path, LiteralPath))
            input.Add(new FileInfo(file));
        foreach (var sequence in Tokens ?? [])
            input.Add(sequence);
        return true;
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (!isReady)
            return;
        foreach (var item in PipedItems.Of(InputObject))
            Attempt(item, () => Take(item is null ? null : PSObject.AsPSObject(item)));
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (isReady && (!MyInvocation.ExpectingInput || (!HasText && !input.IsEmpty)))
            TrainWith(recipe);
    }

    private void Take(PSObject? item)
    {
        switch (item?.BaseObject)
        {
            case null:
                break;
            case GptModel model when Model is null && (HasText || input.IsEmpty):
                hasPipedModel = true;
                Train(model, recipe, Dataset);
                break;
            case TokenDataset dataset when !HasText:
                Train(RequireModel(), recipe, dataset);
                break;
            case Recipe piped when recipe is null:
                TrainWith(piped);
                break;
            default:
                if (PipedText.IsBytes(item))
                    EndWith(TrainingInput.Unusable(item), item);
                if (HasText || hasPipedModel || !input.Take(item))
                    throw TrainingInput.Unusable(item);
                break;
        }
    }
}
