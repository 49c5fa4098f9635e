using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>A cmdlet that looks into a model while it reads texts.</summary>
public abstract class InspectionCmdlet : GptCmdlet
{
    /// <summary>The parameter set of texts from the pipeline.</summary>
    protected const string TextSet = "Text";

    private const string ModelSet = "Model";
    private const string TokensSet = "Tokens";

    private readonly ModelChoice choice;

    /// <summary>Makes the cmdlet.</summary>
    protected InspectionCmdlet() => choice = new ModelChoice(this);

    /// <summary>
    /// The text that the model reads: text, tokens, a completion, a text file, or several of them. Each is read on its own.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = TextSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ModelSet)]
    [PromptTransformation]
    public object[] Text { get; set; } = [];

    /// <summary>The ids of the tokens that the model reads, such as <c>464, 3797</c>, or a token sequence.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TokensSet)]
    [ValidateNotNull]
    public object? Tokens { get; set; }

    /// <summary>The model, its path or its name on the hub; the built-in one unless it is given.</summary>
    [Parameter(ParameterSetName = TextSet)]
    [Parameter(ValueFromPipeline = true, ParameterSetName = TokensSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ModelSet)]
    [ValidateNotNull]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>The tokenizer that the model speaks instead of its own: the object, its name or the path of its file.</summary>
    [Parameter]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Tokens ?? (Text.Length == 1 ? Text[0] : Text);

    /// <inheritdoc/>
    protected sealed override void Process()
    {
        var prompts = new PromptReader(this);
        var model = choice.Of(Model, Tokenizer);
        foreach (var text in Tokens is null ? Text : [Sequence(Tokens)])
            Attempt(text, () => Inspect(model, prompts.TokensOf(model, text)));
    }

    /// <summary>Looks into the model while it reads one text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The text, in the ids of the model.</param>
    private protected abstract void Inspect(GptModel model, int[] tokens);

    private static TokenSequence Sequence(object tokens) =>
        PipedTokens.Find(tokens)
        ?? (PipedTokens.FindIds(tokens) is { } ids ? new TokenSequence(ids) : throw new GptException(
            "TokensInvalid", GptErrorKind.InvalidArgument,
            $"{PipedText.TypeName(tokens)} holds no tokens. Give ids, or tokens as ConvertTo-GptTokens makes them."));
}
