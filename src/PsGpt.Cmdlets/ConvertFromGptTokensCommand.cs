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
    private Decoder? decoder;

    /// <summary>Tokens as <c>ConvertTo-GptTokens</c> makes them; they know their tokenizer.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = SequenceSet)]
    [ValidateNotNull]
    public TokenSequence? InputObject { get; set; }

    /// <summary>Bare ids of one text.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = IdSet)]
    [ValidateNotNull]
    public int[]? Id { get; set; }

    /// <summary>The tokenizer that made the ids, its name or the path of its file; GPT-2's unless this or <see cref="Model"/> is given.</summary>
    [Parameter(ParameterSetName = IdSet)]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>A model whose tokenizer made the ids.</summary>
    [Parameter(ParameterSetName = IdSet)]
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
    protected override object? Target => (object?)InputObject ?? Id;

    /// <inheritdoc/>
    protected override void Process()
    {
        if (InputObject is { Part: 0 })
            End();
        var tokenizer = InputObject?.Tokenizer ?? TokenizerChoice.Of(Tokenizer, Model);
        Append(tokenizer.DecodeBytes(InputObject?.Ids ?? Id), isEnd: false);
        if (Stream)
            Emit();
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (decoder is null)
            return;
        Append([], isEnd: true);
        decoder = null;
        if (!Stream || text.Length > 0)
            Emit();
    }

    /// <summary>A character may begin in one sequence and end in the next.</summary>
    private void Append(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        decoder ??= Encoding.UTF8.GetDecoder();
        var characters = new char[decoder.GetCharCount(bytes, isEnd)];
        decoder.GetChars(bytes, characters, isEnd);
        text.Append(characters);
    }

    private void Emit()
    {
        var piece = text.ToString();
        text.Clear();
        WriteObject(piece);
    }
}
