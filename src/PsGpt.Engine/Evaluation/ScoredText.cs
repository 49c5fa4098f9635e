using System.Runtime.InteropServices;
using System.Text;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Evaluation;

/// <summary>A text that is being scored: it cuts what comes into windows, and adds up the surprisal of those that come back.</summary>
internal sealed class ScoredText
{
    /// <summary>The characters of a long text that its score repeats.</summary>
    private const int ShownLength = 80;

    /// <summary>The tokens without surprisal that the score of a line counts too.</summary>
    private const int DampingTokens = 2;

    private readonly GptModel model;
    private readonly WindowCutter cutter;
    private readonly TokenPlaces? places;
    private readonly StringBuilder shown = new();
    private readonly List<int> ids = [];
    private readonly IReadOnlyList<int> separators;
    private IncrementalEncoder? encoder;
    private bool hasBegun;
    private long position;
    private long byteCount;
    private double sum;
    private double squares;
    private double maximum;

    /// <param name="model">The model.</param>
    /// <param name="overlap">The ids that a window of a long text reads again.</param>
    /// <param name="keepsPlaces">Whether the scores of single tokens are wanted.</param>
    public ScoredText(GptModel model, int overlap, bool keepsPlaces)
    {
        this.model = model;
        cutter = new WindowCutter(model.Configuration.ContextLength, overlap);
        separators = model.Tokenizer?.EndOfTextTokens ?? [];
        places = keepsPlaces ? new TokenPlaces(model) : null;
    }

    /// <summary>The origin of the text, or null.</summary>
    public string? Source { get; init; }

    /// <summary>The number of the line; null where the text is no line.</summary>
    public long? LineNumber { get; init; }

    /// <summary>The token that stands before the text for the model; null for none: the first token is then not scored.</summary>
    public int? Start { get; init; }

    /// <summary>Whether there was a token to score.</summary>
    public bool HasWindows { get; private set; }

    /// <summary>The number of tokens that were scored.</summary>
    public long TokenCount { get; private set; }

    /// <exception cref="GptException"><c>TokenizerMissing</c>, <c>TextOutsideVocabulary</c>.</exception>
    public void Append(ReadOnlySpan<char> text, List<ScoringWindow> windows)
    {
        encoder ??= new IncrementalEncoder(model.RequireTokenizer());
        ids.Clear();
        encoder.Append(text, ids);
        places?.Add(text, CollectionsMarshal.AsSpan(ids));
        Show(text);
        Cut(windows);
    }

    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>.</exception>
    public void Append(ReadOnlySpan<int> tokens, List<ScoringWindow> windows)
    {
        TokenCheck.RequireInVocabulary(tokens, model.Configuration.VocabularySize);
        ids.Clear();
        ids.AddRange(tokens);
        places?.Add(tokens);
        if (shown.Length < ShownLength && model.Tokenizer is { } tokenizer)
            Show(tokenizer.Decode(tokens[..Math.Min(tokens.Length, ShownLength)]));
        Cut(windows);
    }

    public void End(List<ScoringWindow> windows)
    {
        ids.Clear();
        encoder?.Finish(ids);
        places?.Add("", CollectionsMarshal.AsSpan(ids));
        Cut(windows);
        cutter.End(windows);
        HasWindows |= windows.Count > 0;
    }

    /// <summary>Takes the surprisal of the next window; gives the scores of its tokens where they are wanted.</summary>
    public void Take(ScoringWindow window, Action<TokenScore>? tokenScored)
    {
        for (var i = 0; i < window.Surprisals.Length; i++)
        {
            var (token, surprisal) = (window.Targets[i], (double)window.Surprisals[i]);
            (sum, squares, maximum) = (sum + surprisal, squares + (surprisal * surprisal), Math.Max(maximum, surprisal));
            TokenCount++;
            byteCount += BytesOf(token);
            if (places?.Take() is not { } place)
                continue;
            tokenScored?.Invoke(new TokenScore
            {
                Source = Source, LineNumber = LineNumber, Position = position++,
                Token = token, Text = place.Text, Offset = place.Offset, Surprisal = surprisal,
            });
        }
    }

    public TextScore ToTextScore() => new()
    {
        Source = Source, Text = shown.ToString(), TokenCount = TokenCount, Loss = sum / TokenCount,
        ByteCount = model.Tokenizer is null ? null : byteCount,
    };

    public LineScore ToLineScore() => new()
    {
        Source = Source, LineNumber = LineNumber ?? 0, Text = shown.ToString(), TokenCount = TokenCount,
        Surprisal = Math.Sqrt(squares / (TokenCount + DampingTokens)), Sum = sum, Maximum = maximum,
    };

    private void Cut(List<ScoringWindow> windows)
    {
        if (ids.Count > 0 && !hasBegun)
            Begin(windows);
        cutter.Append(CollectionsMarshal.AsSpan(ids), windows);
        HasWindows |= windows.Count > 0;
    }

    private void Begin(List<ScoringWindow> windows)
    {
        hasBegun = true;
        if (Start is { } start && start != ids[0])
        {
            cutter.Append([start], windows);
            return;
        }

        places?.Take();
        position = 1;
    }

    private void Show(ReadOnlySpan<char> text)
    {
        var room = LineNumber is null ? ShownLength - shown.Length : text.Length;
        shown.Append(text[..Math.Min(room, text.Length)]);
    }

    private int BytesOf(int token) => model.Tokenizer is { } tokenizer && (uint)token < (uint)tokenizer.VocabularySize
        && !separators.Contains(token) ? tokenizer.GetSpan(token).Length : 0;
}
