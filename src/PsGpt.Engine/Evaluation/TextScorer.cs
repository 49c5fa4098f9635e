using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Evaluation;

/// <summary>
/// Scores texts of any length as they come, in memory that does not grow with them. A text begins with <see cref="BeginText"/> or
/// <see cref="BeginLine"/>, has any number of <see cref="Append(ReadOnlySpan{char})"/> and ends with <see cref="End"/>. Windows are
/// scored several at a time; the scores come in the order of the texts. Not for use from several threads at once.
/// </summary>
/// <remarks>
/// A token is scored after all that stands before it in its window. The first token of a text follows the token that ends a text, that
/// of a line follows a newline.
/// </remarks>
public sealed class TextScorer : IDisposable
{
    private const int PartLength = 1 << 16;

    private readonly GptModel model;
    private readonly WindowScorer scorer;
    private readonly int overlap;
    private readonly int batchSize;
    private readonly int? textStart;
    private readonly int? lineStart;
    private readonly CancellationToken cancellationToken;
    private readonly List<(ScoredText Text, ScoringWindow? Window, bool IsLast)> waiting = [];
    private readonly List<ScoringWindow> windows = [];
    private ScoredText? current;

    /// <summary>Prepares for texts.</summary>
    /// <param name="model">The model; it must outlive the scorer.</param>
    /// <param name="options">Overlap and batch size; null for the defaults.</param>
    /// <param name="cancellationToken">Stops every call within one layer's work.</param>
    /// <exception cref="GptException"><c>OverlapInvalid</c>, <c>BatchShapeInvalid</c>.</exception>
    public TextScorer(GptModel model, TextScorerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new TextScorerOptions();
        (this.model, overlap, batchSize) = (model, options.OverlapFor(model), options.BatchSize);
        (textStart, lineStart) = (TextStart.Find(model, isLine: false), TextStart.Find(model, isLine: true));
        this.cancellationToken = cancellationToken;
        scorer = new WindowScorer(model);
    }

    /// <summary>Takes the score of each text.</summary>
    public Action<TextScore>? TextScored { get; init; }

    /// <summary>Takes the score of each line.</summary>
    public Action<LineScore>? LineScored { get; init; }

    /// <summary>Takes the score of each token; it comes before that of its text.</summary>
    public Action<TokenScore>? TokenScored { get; init; }

    /// <summary>Scores one text.</summary>
    /// <exception cref="GptException"><c>TokenizerMissing</c>, <c>TextOutsideVocabulary</c>, <c>TextEmpty</c>.</exception>
    public static TextScore Score(GptModel model, string text, TextScorerOptions? options = null)
    {
        TextScore? score = null;
        using var scorer = new TextScorer(model, options) { TextScored = found => score = found };
        scorer.BeginText(source: null);
        scorer.Append(text);
        scorer.End();
        scorer.Flush();
        return score!;
    }

    /// <summary>Begins a text.</summary>
    /// <param name="source">The origin of the text, such as a file's path; null where it has none.</param>
    public void BeginText(string? source) =>
        current = new ScoredText(model, overlap, TokenScored is not null) { Source = source, Start = textStart };

    /// <summary>Begins a line.</summary>
    /// <param name="source">The file of the line, or null.</param>
    /// <param name="number">Its number, from 1.</param>
    public void BeginLine(string? source, long number) =>
        current = new ScoredText(model, overlap, TokenScored is not null) { Source = source, LineNumber = number, Start = lineStart };

    /// <summary>Takes the next part of the text.</summary>
    /// <exception cref="GptException">
    /// <c>TokenizerMissing</c>, <c>TextOutsideVocabulary</c>, <c>OutOfMemory</c>. <see cref="Drop"/> the text then.
    /// </exception>
    public void Append(ReadOnlySpan<char> text)
    {
        Current.Append(text, windows);
        Queue(isLast: false);
    }

    /// <summary>Takes the next tokens of the text.</summary>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>, <c>TokenizerMismatch</c>, <c>OutOfMemory</c>.</exception>
    public void Append(ITokenSource tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        model.RequireTokenizer(tokens.TokenizerName);
        var part = new int[Math.Min(tokens.Count, PartLength)];
        for (long start = 0; start < tokens.Count; start += part.Length)
        {
            var ids = part.AsSpan(0, (int)Math.Min(part.Length, tokens.Count - start));
            tokens.CopyTo(start, ids);
            Current.Append(ids, windows);
            Queue(isLast: false);
        }
    }

    /// <summary>Ends the text. Its score comes when its windows have been scored.</summary>
    /// <exception cref="GptException"><c>TextEmpty</c>: a text has no token that can be scored. A line may be empty.</exception>
    public void End()
    {
        Current.End(windows);
        if (Current is { HasWindows: false, LineNumber: null })
        {
            throw new GptException("TextEmpty", GptErrorKind.InvalidArgument,
                "The text has no token that the model could expect. Give a text of two tokens or more.");
        }

        Queue(isLast: true);
        current = null;
    }

    /// <summary>Forgets the text that was begun.</summary>
    public void Drop()
    {
        windows.Clear();
        waiting.RemoveAll(item => item.Text == current);
        current = null;
    }

    /// <summary>Scores all that waits for more windows.</summary>
    /// <exception cref="GptException"><c>OutOfMemory</c>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public void Flush()
    {
        if (waiting.Count == 0)
            return;
        var batch = waiting.ToArray();
        waiting.Clear();
        scorer.Score(batch.Select(item => item.Window).OfType<ScoringWindow>(), cancellationToken);
        foreach (var (text, window, isLast) in batch)
        {
            if (window is not null)
                text.Take(window, TokenScored);
            if (isLast && text.LineNumber is null)
                TextScored?.Invoke(text.ToTextScore());
            else if (isLast)
                LineScored?.Invoke(text.ToLineScore());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => scorer.Dispose();

    private ScoredText Current => current ?? throw new InvalidOperationException("No text was begun.");

    private void Queue(bool isLast)
    {
        for (var i = 0; i < windows.Count; i++)
            waiting.Add((Current, windows[i], isLast && i == windows.Count - 1));
        if (isLast && windows.Count == 0)
            waiting.Add((Current, null, true));
        windows.Clear();
        if (waiting.Count >= batchSize)
            Flush();
    }
}
