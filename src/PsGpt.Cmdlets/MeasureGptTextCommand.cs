using System.Management.Automation;
using System.Text;
using PsGpt.Data;
using PsGpt.Evaluation;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Measures how well a model expects texts: loss, perplexity and bits per byte of each text, or the surprisal of each line or token.
/// </summary>
/// <remarks>
/// <para>
/// Surprisal is -ln p in nats: 0 for a token that the model was sure of, 3 for one that it gave a chance of 5 percent. That of a line is
/// the root of the mean square of its tokens, where two more tokens of none are counted, so that a short line needs more to stand out. The
/// first token of a text is scored after the token that ends a text, that of a line after a newline.
/// </para>
/// <para>
/// With <see cref="PerString"/> a line from the pipeline is scored when it comes, so that <c>Get-Content -Wait</c> can be watched; the
/// lines of a file or of an array are scored many at a time. <see cref="BatchSize"/> lets lines from the pipeline wait for each other.
/// </para>
/// </remarks>
[Cmdlet(VerbsDiagnostic.Measure, "GptText", DefaultParameterSetName = TextSet)]
[OutputType(typeof(TextScore), typeof(LineScore), typeof(TokenScore))]
public sealed class MeasureGptTextCommand : TextCmdlet, ITextSink
{
    private readonly StringBuilder line = new();
    private TextScorer scorer = null!;
    private string? source;
    private long lineNumber;
    private bool hasTokens;

    /// <summary>
    /// Text, text files, token sequences or datasets. Strings that come one by one are the lines of one text, unless
    /// <see cref="TextCmdlet.PerString"/> is given. Of a dataset, the text to train on and the text that is held out are measured.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = TextSet)]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public override object? InputObject { get; set; }

    /// <summary>Scores each string, and each line of a file, on its own.</summary>
    [Parameter]
    public override SwitchParameter PerString { get; set; }

    /// <summary>Gives the surprisal of each token, with its place in the text.</summary>
    [Parameter]
    public SwitchParameter PerToken { get; set; }

    /// <summary>The model, its path or its name on the hub; the built-in one unless it is given.</summary>
    [Parameter]
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

    /// <summary>The tokens that a window reads again in a text longer than the context; half of the context unless it is given.</summary>
    [Parameter]
    [WholeNumber(0)]
    public int? Overlap { get; set; }

    /// <summary>The number of lines or windows that are scored together; 64 unless it is given.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int? BatchSize { get; set; }

    private protected override ITextSink Sink => this;

    private protected override Action<TokenSequence>? TokenSink => TakeTokens;

    /// <inheritdoc/>
    protected override void Begin()
    {
        var options = new TextScorerOptions { Overlap = Overlap };
        if (BatchSize is { } size)
            options = options with { BatchSize = size };
        scorer = new TextScorer(new ModelChoice(this).Of(Model, Tokenizer), options, StopToken)
        {
            TextScored = PerToken ? null : WriteObject,
            LineScored = PerToken ? null : WriteObject,
            TokenScored = PerToken ? WriteObject : null,
        };
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (PipedTokens.Unwrap(InputObject) is TokenDataset dataset)
            Score(dataset);
        else
            base.Process();
        if (BatchSize is null && PerString)
            scorer.Flush();
    }

    /// <inheritdoc/>
    protected override void End()
    {
        base.End();
        EndTokens();
        scorer.Flush();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => scorer?.Dispose();

    void ITextSink.BeginText(string? source)
    {
        EndTokens();
        this.source = source;
        if (!PerString)
            scorer.BeginText(source);
        else if (source is not null)
            lineNumber = 0;
    }

    void ITextSink.Append(ReadOnlySpan<char> text)
    {
        if (!PerString)
        {
            scorer.Append(text);
            return;
        }

        for (int end; source is not null && (end = text.IndexOf('\n')) >= 0; text = text[(end + 1)..])
        {
            line.Append(text[..end]);
            ScoreLine();
        }

        line.Append(text);
    }

    void ITextSink.EndText()
    {
        if (!PerString)
            EndScored();
        else if (source is null || line.Length > 0)
            ScoreLine();
    }

    void ITextSink.DropText()
    {
        line.Clear();
        scorer.Drop();
    }

    /// <summary>Sequences after the first of a long text continue it.</summary>
    private void TakeTokens(TokenSequence tokens)
    {
        if (tokens.Part == 0 || !hasTokens)
        {
            EndTokens();
            Begin(tokens.Source);
            hasTokens = true;
        }

        AppendOrDrop(tokens);
    }

    private void EndTokens()
    {
        if (hasTokens)
            EndScored();
    }

    private void Score(TokenDataset dataset)
    {
        base.End();
        EndTokens();
        foreach (var (name, tokens) in new[] { ("training", dataset.Training), ("held out", dataset.Validation) })
        {
            if (tokens.Count == 0)
                continue;
            Begin($"{dataset.Name}, {name}");
            AppendOrDrop(tokens);
            EndScored();
        }
    }

    private void Begin(string? source)
    {
        if (PerString)
            scorer.BeginLine(source, ++lineNumber);
        else
            scorer.BeginText(source);
    }

    private void AppendOrDrop(ITokenSource tokens)
    {
        try
        {
            scorer.Append(tokens);
        }
        catch
        {
            hasTokens = false;
            scorer.Drop();
            throw;
        }
    }

    private void EndScored()
    {
        hasTokens = false;
        try
        {
            scorer.End();
        }
        catch
        {
            scorer.Drop();
            throw;
        }

        if (!PerString)
            scorer.Flush();
    }

    /// <summary>A line that cannot be scored is an error of its own: the others are scored.</summary>
    private void ScoreLine()
    {
        var text = line is [.., '\r'] ? line.ToString(0, line.Length - 1) : line.ToString();
        line.Clear();
        scorer.BeginLine(source, ++lineNumber);
        Attempt(text, () =>
        {
            try
            {
                scorer.Append(text);
                scorer.End();
            }
            catch
            {
                scorer.Drop();
                throw;
            }
        });
    }
}
