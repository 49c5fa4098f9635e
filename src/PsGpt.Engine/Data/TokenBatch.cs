namespace PsGpt.Data;

/// <summary>
/// Inputs and targets of one training step, both (B, T): B = <see cref="BatchSize"/> rows of T = <see cref="SequenceLength"/>
/// ids, row-major. A target is the id that follows its input; <see cref="IgnoredTarget"/> takes no part in the loss.
/// </summary>
public sealed class TokenBatch
{
    /// <summary>A target that takes no part in the loss.</summary>
    public const int IgnoredTarget = -1;

    /// <summary>Wraps arrays as a batch.</summary>
    /// <param name="inputs">Ids (B, T). The batch keeps the array.</param>
    /// <param name="targets">Ids (B, T), or <see cref="IgnoredTarget"/>. The batch keeps the array.</param>
    /// <param name="batchSize">B, at least 1.</param>
    /// <param name="sequenceLength">T, at least 1.</param>
    /// <param name="tokenizerName">The name of the tokenizer that made the ids, or null where it is not known.</param>
    /// <param name="endOfTextTokens">The ids that end a text; none where they are not known.</param>
    /// <exception cref="GptException"><c>BatchShapeInvalid</c>: the arrays do not hold B · T ids.</exception>
    public TokenBatch(
        int[] inputs, int[] targets, int batchSize, int sequenceLength, string? tokenizerName, IReadOnlyList<int>? endOfTextTokens = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (batchSize < 1 || sequenceLength < 1 || (long)batchSize * sequenceLength != inputs.Length || inputs.Length != targets.Length)
        {
            throw new GptException("BatchShapeInvalid", GptErrorKind.InvalidArgument,
                $"A batch of {batchSize} x {sequenceLength} needs as many inputs and targets, but there are {inputs.Length} " +
                $"inputs and {targets.Length} targets.");
        }

        (Inputs, Targets, BatchSize, SequenceLength, TokenizerName) = (inputs, targets, batchSize, sequenceLength, tokenizerName);
        EndOfTextTokens = endOfTextTokens ?? [];
    }

    /// <summary>Input ids (B, T).</summary>
    public int[] Inputs { get; }

    /// <summary>Target ids (B, T).</summary>
    public int[] Targets { get; }

    /// <summary>The number of rows, B.</summary>
    public int BatchSize { get; }

    /// <summary>The number of ids in a row, T.</summary>
    public int SequenceLength { get; }

    /// <summary>The number of tokens, B · T.</summary>
    public int TokenCount => Inputs.Length;

    /// <summary>The name of the tokenizer that made the ids, or null where it is not known.</summary>
    public string? TokenizerName { get; }

    /// <summary>The ids that end a text, or none where they are not known.</summary>
    public IReadOnlyList<int> EndOfTextTokens { get; }

    /// <summary>The number of documents that begin within the rows; see <see cref="GetDocumentStarts"/>.</summary>
    public int DocumentCount => GetDocumentStarts().Length;

    /// <summary>
    /// The places in <see cref="Inputs"/>, 0 … B · T − 1, at which documents begin: behind an id that ends a text, in the same row. What
    /// stands before the first id of a row is not known.
    /// </summary>
    public int[] GetDocumentStarts()
    {
        var starts = new List<int>();
        for (var i = 1; i < Inputs.Length; i++)
        {
            if (i % SequenceLength != 0 && EndOfTextTokens.Contains(Inputs[i - 1]))
                starts.Add(i);
        }

        return [.. starts];
    }

    /// <summary>Refuses batches that cannot be one step: none, or of several shapes.</summary>
    /// <exception cref="GptException"><c>BatchShapeInvalid</c>.</exception>
    internal static void RequireOneShape(ReadOnlySpan<TokenBatch> batches)
    {
        var isWhole = !batches.IsEmpty;
        foreach (var batch in batches)
        {
            ArgumentNullException.ThrowIfNull(batch, nameof(batches));
            isWhole &= batch.BatchSize == batches[0].BatchSize && batch.SequenceLength == batches[0].SequenceLength;
        }

        if (!isWhole)
        {
            throw new GptException("BatchShapeInvalid", GptErrorKind.InvalidArgument,
                "A step needs at least one batch, and all of its batches in one shape. Give batches of the same size and length.");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{BatchSize} x {SequenceLength} tokens";
}
