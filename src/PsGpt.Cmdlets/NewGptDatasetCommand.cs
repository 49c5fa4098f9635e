using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Makes a dataset of texts, text files or tokens: the first part to train on, the end of it, or files of their own, held out to
/// measure the loss on. All inputs are one dataset; the token that separates texts stands between them.
/// </summary>
[Cmdlet(VerbsCommon.New, "GptDataset", DefaultParameterSetName = TextSet)]
[OutputType(typeof(TokenDataset))]
public sealed class NewGptDatasetCommand : TextCmdlet
{
    private const string TokenSet = "Token";

    private TokenBuilder? tokens;

    /// <summary>
    /// Text. Strings that come one by one are the lines of one text, joined with a newline. A file and a completion are a text each;
    /// token sequences are taken as they are.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = TextSet)]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public override object? InputObject { get; set; }

    /// <summary>Text files, UTF-8 unless a byte order mark or <c>-Encoding</c> says otherwise. Wildcards are resolved.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [PathTransformation(Hint = "Other objects come through the pipeline.")]
    [SupportsWildcards]
    public override string[]? Path { get; set; }

    /// <summary>Tokens as <c>ConvertTo-GptTokens</c> makes them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TokenSet)]
    [ValidateNotNull]
    [TokenSequenceTransformation]
    public TokenSequence[]? Tokens { get; set; }

    /// <summary>
    /// The tokenizer of texts and files, its name or the path of its file; GPT-2's unless this or <see cref="Model"/> is given.
    /// </summary>
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

    /// <summary>
    /// Encodes the texts of special tokens as those tokens, so that <c>&lt;|endoftext|&gt;</c> in a file separates documents. Otherwise
    /// they
    /// are plain text, with a warning.
    /// </summary>
    [Parameter]
    public SwitchParameter AllowSpecial { get; set; }

    /// <summary>
    /// The share at the end of the text that is held out, 0 to below 1; a tenth unless this or <see cref="ValidationPath"/> is
    /// given. Where a document ends near the cut, the cut moves there, so that no document is trained on and held out.
    /// </summary>
    [Parameter]
    [Number]
    public double? ValidationFraction { get; set; }

    /// <summary>Text files that are held out instead of the end of the text. Wildcards are resolved.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? ValidationPath { get; set; }

    /// <summary>The dataset's name in lists; the name of the first file unless it is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    private protected override ITextSink Sink => tokens!;

    private protected override Action<TokenSequence>? TokenSink => tokens!.Add;

    /// <inheritdoc/>
    protected override void Begin()
    {
        ValidationChoice.RequireOne(ValidationPath, ValidationFraction);
        Tokenizer = TokenizerChoice.Of(Tokenizer, Model);
        tokens = new TokenBuilder(Tokenizer, AllowSpecial);
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ParameterSetName == TokenSet)
            Take(Tokens!);
        else
            base.Process();
    }

    /// <inheritdoc/>
    protected override void End()
    {
        base.End();

        SpecialTokenWarning.Write(this, tokens!.IgnoredSpecialTokens);

        // Where nothing could be read, that has been reported already.
        if (!HasText)
            return;
        if (tokens!.Count == 0)
            throw new GptException("TooFewTokens", GptErrorKind.InvalidData,
                "The text has no tokens, so there is nothing to train on. Give more text.");
        var name = Name ?? System.IO.Path.GetFileName(FirstFile);
        if (ValidationPath is null)
            WriteObject(TokenDataset.Split(tokens, ValidationFraction ?? 0.1, name: name));
        else if (HeldOut() is { Count: > 0 } heldOut)
            WriteObject(new TokenDataset(tokens, heldOut, name));
    }

    /// <summary>The tokens of the files that are held out, made as the others were.</summary>
    private TokenBuilder? HeldOut()
    {
        if (tokens!.TokenizerName is { } name && name != Tokenizer!.Name)
        {
            throw new GptException("TokenizerMismatch", GptErrorKind.InvalidArgument,
                $"The tokens were made by '{name}', but -ValidationPath would be read with '{Tokenizer.Name}'. " +
                "Give the same -Tokenizer or -Model that the tokens were made with.");
        }

        var files = new PathResolver(this).Resolve(ValidationPath, literalPath: null);
        return TextInput.ReadFiles(this, Tokenizer!, files, FileOptions, AllowSpecial);
    }
}
