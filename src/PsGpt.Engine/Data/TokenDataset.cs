namespace PsGpt.Data;

/// <summary>
/// What a model is trained on: the ids to learn from, and others that are held out to measure the loss on text that the model
/// has not seen.
/// </summary>
/// <param name="name">What lists call it.</param>
/// <param name="training">The ids to learn from.</param>
/// <param name="validation">The ids that are held out; null for none.</param>
/// <param name="tokenizerName">The tokenizer that made all of them, or null where it is not known.</param>
/// <param name="owner">What the dataset frees when it is disposed, such as files; null for nothing.</param>
public sealed class TokenDataset(string name, ITokenSource training, ITokenSource? validation, string? tokenizerName, IDisposable? owner = null) : IDisposable
{
    /// <summary>What lists call it.</summary>
    public string Name { get; } = name;

    /// <summary>The ids to learn from.</summary>
    public ITokenSource Training { get; } = training;

    /// <summary>The ids that are held out; it has none where nothing is.</summary>
    public ITokenSource Validation { get; } = validation ?? new TokenMemory(default);

    /// <summary>The tokenizer that made the ids, or null where it is not known.</summary>
    public string? TokenizerName { get; } = tokenizerName;

    /// <summary>
    /// Splits a text in two: the first part is trained on, the last is held out, as nanoGPT and gpt.py do. Both are views of the
    /// given ids, whose files, if there are any, are the dataset's to close.
    /// </summary>
    /// <param name="name">What lists call the dataset.</param>
    /// <param name="tokens">All ids.</param>
    /// <param name="tokenizerName">The tokenizer that made them, or null where it is not known.</param>
    /// <param name="validationFraction">The share that is held out, 0 to below 1.</param>
    /// <param name="minimumValidationCount">Where fewer ids than this would be held out, none are: better more to learn from than a part too short to measure on.</param>
    /// <exception cref="GptException"><c>ValidationFractionInvalid</c>.</exception>
    public static TokenDataset Split(string name, ITokenSource tokens, string? tokenizerName, double validationFraction = 0.1, long minimumValidationCount = 0)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (validationFraction is not (>= 0 and < 1))
        {
            throw new GptException("ValidationFractionInvalid", GptErrorKind.InvalidArgument,
                FormattableString.Invariant($"A share of {validationFraction} of the text cannot be held out. Give a number from 0 to below 1, such as 0.1."));
        }

        var trainingCount = (long)(tokens.Count * (1 - validationFraction));
        if (tokens.Count - trainingCount < minimumValidationCount)
            trainingCount = tokens.Count;
        var training = View(tokens, 0, trainingCount);
        var validation = View(tokens, trainingCount, tokens.Count - trainingCount);
        return new TokenDataset(name, training, validation, tokenizerName, tokens as IDisposable);
    }

    /// <summary>Shards stay apart: no batch may run from one into the next.</summary>
    private static ITokenSource View(ITokenSource tokens, long start, long count) =>
        tokens is TokenChain chain ? chain.Slice(start, count) : new TokenRange(tokens, start, count);

    /// <summary>Closes the files that the ids are read from, where there are any.</summary>
    public void Dispose() => owner?.Dispose();

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Name}: {Training.Count:N0} tokens, {Validation.Count:N0} held out");
}
