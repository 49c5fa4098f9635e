using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Makes a dataset of text files or tokens: the first part to train on, the end of it, or files of their own, held out to measure
/// the loss on. All inputs are one dataset.
/// </summary>
[Cmdlet(VerbsCommon.New, "GptDataset", DefaultParameterSetName = TokenSet)]
[OutputType(typeof(TokenDataset))]
public sealed class NewGptDatasetCommand : GptCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string TokenSet = "Token";
    private const string TextSet = "Text";

    private TokenCollector collector = new();
    private TextTokens? text;
    private bool hasInput;

    /// <summary>Tokens as <c>ConvertTo-GptTokens</c> makes them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = TokenSet)]
    [ValidateNotNull]
    public TokenSequence[]? Tokens { get; set; }

    /// <summary>Text. Strings that come one by one are the lines of one text, joined with a newline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = TextSet)]
    [AllowEmptyString]
    public string InputObject { get; set; } = "";

    /// <summary>Text files, one after the other, with the token that separates texts in between. Wildcards are resolved.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>Text files whose paths are taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[]? LiteralPath { get; set; }

    /// <summary>The tokenizer of texts and files, its name or the path of its file; GPT-2's unless this or <see cref="Model"/> is given.</summary>
    [Parameter]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>A model whose tokenizer is used for texts and files.</summary>
    [Parameter]
    [ValidateNotNull]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>The share at the end of the text that is held out, 0 to below 1; a tenth unless this or <see cref="ValidationPath"/> is given.</summary>
    [Parameter]
    public double? ValidationFraction { get; set; }

    /// <summary>Text files that are held out instead of the end of the text. Wildcards are resolved.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? ValidationPath { get; set; }

    /// <summary>What lists call the dataset; the name of the first file unless it is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        ValidationChoice.RequireOne(ValidationPath, ValidationFraction);
        Tokenizer = TokenizerChoice.Of(Tokenizer, Model);
        text = new TextTokens(this, Tokenizer);
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        hasInput = true;
        if (ParameterSetName == TokenSet)
        {
            foreach (var sequence in Tokens!)
                collector.Add(sequence);
            return;
        }

        if (ParameterSetName == TextSet)
        {
            text!.AddLine(InputObject);
            return;
        }

        var files = new PathResolver(this).Resolve(Path, LiteralPath).ToArray();
        Name ??= files.Length > 0 ? System.IO.Path.GetFileName(files[0]) : null;
        collector = text!.Read(files);
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (ParameterSetName == TextSet)
            collector = text!.EndLines();

        // Where nothing could be read, that has been told already.
        if (!hasInput || (ParameterSetName != TokenSet && collector.TokenizerName is null))
            return;
        if (collector.Count == 0)
            throw new GptException("TooFewTokens", GptErrorKind.InvalidData, "The text has no tokens, so there is nothing to train on. Give more text.");
        var tokens = new TokenMemory(collector.ToArray());
        var name = Name ?? collector.TokenizerName ?? "tokens";
        if (ValidationPath is null)
            WriteObject(TokenDataset.Split(name, tokens, collector.TokenizerName, ValidationFraction ?? 0.1));
        else if (HeldOut() is { Count: > 0 } heldOut)
            WriteObject(new TokenDataset(name, tokens, new TokenMemory(heldOut.ToArray()), collector.TokenizerName));
    }

    /// <summary>The tokens of the files that are held out, made as the others were.</summary>
    private TokenCollector HeldOut()
    {
        if (collector.TokenizerName is { } name && name != Tokenizer!.Name)
        {
            throw new GptException("TokenizerMismatch", GptErrorKind.InvalidArgument,
                $"The tokens were made by '{name}', but -ValidationPath would be read with '{Tokenizer.Name}'. Give the same -Tokenizer or -Model that the tokens were made with.");
        }

        return new TextTokens(this, Tokenizer!).Read(new PathResolver(this).Resolve(ValidationPath, literalPath: null));
    }
}
