using System.Management.Automation;
using System.Text;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Turns text into tokens. A text becomes one <see cref="TokenSequence"/>; a long one becomes several that follow each other, so
/// that a text of any length passes in constant memory.
/// </summary>
[Cmdlet(VerbsData.ConvertTo, "GptTokens", DefaultParameterSetName = TextSet)]
[Alias("ConvertTo-GptToken")]
[OutputType(typeof(TokenSequence), typeof(TokenOffset))]
public sealed class ConvertToGptTokensCommand : TextCmdlet, ITextSink
{
    // 4 MB of ids: most texts are one sequence, and a long pipeline still starts early.
    private const int PartLength = 1 << 20;

    private readonly List<int> ids = [];
    private readonly SortedSet<string> ignored = new(StringComparer.Ordinal);
    private readonly StringBuilder whole = new();
    private IncrementalEncoder? encoder;
    private string? source;
    private int part;

    /// <summary>The tokenizer, its name or the path of its file; GPT-2's unless this or <see cref="Model"/> is given.</summary>
    [Parameter]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>A model whose tokenizer is used.</summary>
    [Parameter]
    [ValidateNotNull]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>Ends each text with the token that separates texts.</summary>
    [Parameter]
    public SwitchParameter AddEndOfText { get; set; }

    /// <summary>
    /// Encodes the texts of special tokens, such as <c>&lt;|endoftext|&gt;</c>, as those tokens. Otherwise they are plain text, with a
    /// warning.
    /// </summary>
    [Parameter]
    public SwitchParameter AllowSpecial { get; set; }

    /// <summary>Emits each token with its place in the text (Id, Offset, Length, Text) instead of a token sequence.</summary>
    [Parameter]
    public SwitchParameter Offset { get; set; }

    private protected override ITextSink Sink => this;

    /// <inheritdoc/>
    protected override void Begin()
    {
        Tokenizer = TokenizerChoice.Of(Tokenizer, Model);
        if (AddEndOfText && Tokenizer.EndOfTextToken is null)
        {
            throw new GptException("EndOfTextMissing", GptErrorKind.InvalidArgument,
                $"The tokenizer '{Tokenizer.Name}' has no token that ends a text. Leave -AddEndOfText out, or use another tokenizer.");
        }
    }

    void ITextSink.BeginText(string? source)
    {
        encoder = new IncrementalEncoder(Tokenizer!, AllowSpecial);
        ids.Clear();
        whole.Clear();
        (this.source, part) = (source, 0);
    }

    void ITextSink.Append(ReadOnlySpan<char> text)
    {
        encoder!.Append(text, ids);
        if (Offset)
            whole.Append(text);
        else if (ids.Count >= PartLength)
            Emit();
    }

    void ITextSink.EndText()
    {
        encoder!.Finish(ids);
        ignored.UnionWith(encoder.IgnoredSpecialTokens);
        if (AddEndOfText)
            ids.Add(Tokenizer!.EndOfTextToken!.Value);
        if (Offset)
            WriteObject(TokenOffset.Find(whole.ToString(), ids.ToArray(), Tokenizer!), enumerateCollection: true);
        else if (ids.Count > 0 || part == 0)
            Emit();
    }

    void ITextSink.DropText() => ids.Clear();

    /// <inheritdoc/>
    protected override void End()
    {
        base.End();
        SpecialTokenWarning.Write(this, ignored);
    }

    private void Emit()
    {
        var sequence = new TokenSequence([.. ids], Tokenizer!, source, part++);
        ids.Clear();
        WriteObject(sequence);
    }
}
