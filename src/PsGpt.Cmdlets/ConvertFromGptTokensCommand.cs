using System.Management.Automation;
using System.Text;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Turns tokens back into text: a string for each text, however many sequences it came in.</summary>
[Cmdlet(VerbsData.ConvertFrom, "GptTokens", DefaultParameterSetName = SequenceSet)]
[Alias("ConvertFrom-GptToken")]
[OutputType(typeof(string))]
public sealed class ConvertFromGptTokensCommand : GptCmdlet
{
    private const string SequenceSet = "Sequence";
    private const string IdSet = "Id";

    private readonly StringBuilder text = new();
    private Tokenizer? given;
    private IncrementalDecoder? decoder;

    /// <summary>
    /// Tokens as <c>ConvertTo-GptTokens</c> makes them, also those that came back from JSON or a job; they know their tokenizer. Bare
    /// ids are one text.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = SequenceSet)]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>Bare ids of one text.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [ValidateNotNull]
    [AllowEmptyCollection]
    [Alias("Ids")]
    [WholeNumber(0)]
    public int[]? Id { get; set; }

    /// <summary>
    /// The tokenizer that made the ids, its name or the path of its file. Bare ids are GPT-2's unless this or <see cref="Model"/>
    /// is given.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>A model whose tokenizer made the ids.</summary>
    [Parameter]
    [ValidateNotNull]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>
    /// Writes the text in pieces as they come, never half a character: constant memory for a text of any length, to be put
    /// together without separators.
    /// </summary>
    [Parameter]
    public SwitchParameter Stream { get; set; }

    /// <inheritdoc/>
    protected override object? Target => InputObject ?? Id;

    /// <inheritdoc/>
    protected override void Begin()
    {
        if (Tokenizer is not null || Model is not null)
            given = TokenizerChoice.Of(Tokenizer, Model);
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ParameterSetName == IdSet)
            Append(new TokenSequence(Id!));
        else if (PipedTokens.Find(InputObject) is { } tokens)
            AppendSequence(tokens);
        else if (InputObject is IEnumerable<TokenSequence> sequences)
            Array.ForEach([.. sequences], AppendSequence);
        else
            Append(new TokenSequence(ReadIds()));
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (decoder is null)
            return;
        text.Append(decoder.Finish());
        decoder = null;
        if (!Stream || text.Length > 0)
            Emit();
    }

    private void AppendSequence(TokenSequence tokens)
    {
        if (tokens.Part == 0)
            End();
        Append(tokens);
    }

    /// <summary>A character may begin in one sequence and end in the next.</summary>
    private void Append(TokenSequence tokens)
    {
        decoder ??= new IncrementalDecoder(PipedTokens.TokenizerOf(tokens, given));
        text.Append(decoder.Append(tokens.Ids));
        if (Stream)
            Emit();
    }

    private int[] ReadIds() => PipedTokens.FindIds(InputObject is PSObject item && PipedText.IsRow(item)
        ? item.Properties[nameof(Id)]?.Value
        : InputObject) ?? throw new GptException("InputNotTokens", GptErrorKind.InvalidArgument,
        $"{PipedText.TypeName(InputObject)} holds no tokens. Give tokens as ConvertTo-GptTokens makes them, or ids.");

    private void Emit()
    {
        var piece = text.ToString();
        text.Clear();
        WriteObject(piece);
    }
}
