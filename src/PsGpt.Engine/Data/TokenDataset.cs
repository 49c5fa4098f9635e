namespace PsGpt.Data;

/// <summary>
/// The text of a training: the ids to learn from, and others that are held out to measure the loss on text that the model has not
/// seen.
/// </summary>
public sealed class TokenDataset : IDisposable
{
    // A cut moves by a tenth of what is held out, and in a large text not further than documents are long.
    private const int BorderShare = 10;
    private const int MostBorderReach = 1 << 20;

    private readonly IDisposable? owner;

    /// <summary>Makes a dataset of two texts.</summary>
    /// <param name="training">The ids to learn from.</param>
    /// <param name="validation">The ids that are held out; null for none.</param>
    /// <param name="name">A name for lists; the tokenizer's name, or "tokens", where it is null.</param>
    /// <param name="owner">Freed with the dataset, such as its files; null for nothing.</param>
    /// <exception cref="GptException"><c>TokenizerMismatch</c>: two tokenizers made the ids.</exception>
    public TokenDataset(ITokenSource training, ITokenSource? validation = null, string? name = null, IDisposable? owner = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        var tokenizer = new SharedTokenizer();
        tokenizer.Require(training);
        tokenizer.Require(validation ?? training);
        (Training, Validation, this.owner) = (training, validation ?? new TokenSequence([]), owner);
        (TokenizerName, Name) = (tokenizer.Name, name ?? tokenizer.Name ?? "tokens");
    }

    /// <summary>The name that lists show.</summary>
    public string Name { get; }

    /// <summary>The ids to learn from.</summary>
    public ITokenSource Training { get; }

    /// <summary>The ids that are held out; it has none where nothing is.</summary>
    public ITokenSource Validation { get; }

    /// <summary>The number of ids to learn from.</summary>
    public long TrainingCount => Training.Count;

    /// <summary>The number of ids that are held out.</summary>
    public long ValidationCount => Validation.Count;

    /// <summary>The name of the tokenizer that made the ids, or null where it is not known.</summary>
    public string? TokenizerName { get; }

    /// <summary>
    /// Splits a text in two: the first part is trained on, the last is held out, as nanoGPT and gpt.py do. Where an id that ends a text
    /// stands near the cut, within a tenth of what is held out, the cut moves behind it, so that no document is in both parts. Both are
    /// views of the given ids; if these are read from files, the dataset closes them.
    /// </summary>
    /// <param name="tokens">All ids.</param>
    /// <param name="validationFraction">The share that is held out, 0 to below 1.</param>
    /// <param name="minimumValidationCount">
    /// Where fewer ids than this would be held out, none are: they are too few to measure on, and still worth learning from.
    /// </param>
    /// <param name="name">A name for lists.</param>
    /// <exception cref="GptException"><c>ValidationFractionInvalid</c>.</exception>
    public static TokenDataset Split(
        ITokenSource tokens, double validationFraction = 0.1, long minimumValidationCount = 0, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (validationFraction is not (>= 0 and < 1))
        {
            throw new GptException("ValidationFractionInvalid", GptErrorKind.InvalidArgument, FormattableString.Invariant(
                $"A share of {validationFraction} of the text cannot be held out. Give a number from 0 to below 1, such as 0.1."));
        }

        var trainingCount = (long)(tokens.Count * (1 - validationFraction));
        trainingCount = tokens.Count - trainingCount < minimumValidationCount
            ? tokens.Count
            : FindBorder(tokens, trainingCount, minimumValidationCount);
        var training = View(tokens, 0, trainingCount);
        var validation = View(tokens, trainingCount, tokens.Count - trainingCount);
        return new TokenDataset(training, validation, name, tokens as IDisposable);
    }

    /// <summary>Closes the files that the ids are read from, where there are any.</summary>
    public void Dispose() => owner?.Dispose();

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Name}: {TrainingCount:N0} tokens, {ValidationCount:N0} held out");

    /// <summary>The end of a document that is nearest to a cut; the cut itself where none is near.</summary>
    private static long FindBorder(ITokenSource tokens, long cut, long minimumValidationCount)
    {
        var reach = Math.Min((tokens.Count - cut) / BorderShare, MostBorderReach);
        var start = Math.Max(0, cut - reach - 1);
        var end = Math.Min(cut + reach, tokens.Count - Math.Max(1, minimumValidationCount));
        if (reach == 0 || end <= start || tokens.GetTokenizer()?.EndOfTextTokens is not { Count: > 0 } ends)
            return cut;
        var ids = new int[end - start];
        tokens.CopyTo(start, ids);
        return (from i in Enumerable.Range(0, ids.Length)
                where ends.Contains(ids[i])
                select start + i + 1).DefaultIfEmpty(cut).MinBy(border => Math.Abs(border - cut));
    }

    /// <summary>Shards stay apart: no batch may run from one into the next.</summary>
    private static ITokenSource View(ITokenSource tokens, long start, long count) =>
        tokens is ConcatenatedTokens shards ? shards.Slice(start, count) : new TokenSlice(tokens, start, count);
}
