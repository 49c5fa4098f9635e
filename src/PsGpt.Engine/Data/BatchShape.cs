using PsGpt.Tokenization;

namespace PsGpt.Data;

/// <summary>The shape (B, T) that a batcher cuts ids into.</summary>
internal readonly record struct BatchShape
{
    /// <summary>Checks that both sizes are at least 1 and that a batch of them can be held in an array.</summary>
    /// <exception cref="GptException"><c>BatchShapeInvalid</c>.</exception>
    public BatchShape(int batchSize, int sequenceLength)
    {
        if (batchSize < 1 || sequenceLength < 1 || (long)batchSize * sequenceLength >= Array.MaxLength)
        {
            throw new GptException("BatchShapeInvalid", GptErrorKind.InvalidArgument,
                $"A batch of {batchSize} x {sequenceLength} tokens cannot be made. Give a batch size and a sequence length of at " +
                "least 1, " +
                $"with less than {Array.MaxLength:N0} tokens in all.");
        }

        (BatchSize, SequenceLength) = (batchSize, sequenceLength);
    }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>T.</summary>
    public int SequenceLength { get; }

    /// <summary>B · T.</summary>
    public int TokenCount => BatchSize * SequenceLength;

    /// <summary>
    /// Cuts a batch as llm.c's data loader does: the targets are the inputs shifted by one id, across the ends of the rows.
    /// </summary>
    /// <param name="ids">B · T + 1 ids, or fewer: the rest is then filled up with id 0 and <see cref="TokenBatch.IgnoredTarget"/>.</param>
    /// <param name="tokenizerName">The name of the tokenizer that made them, or null where it is not known.</param>
    /// <param name="tokenizer">That tokenizer, or null where at most its name is known.</param>
    public TokenBatch Cut(ReadOnlySpan<int> ids, string? tokenizerName, Tokenizer? tokenizer)
    {
        var inputs = new int[TokenCount];
        var targets = new int[TokenCount];
        ids[..^1].CopyTo(inputs);
        ids[1..].CopyTo(targets);
        targets.AsSpan(ids.Length - 1).Fill(TokenBatch.IgnoredTarget);
        return new TokenBatch(inputs, targets, BatchSize, SequenceLength, tokenizerName, tokenizer?.EndOfTextTokens);
    }

    /// <summary>The error for a text that does not give a single batch of this shape.</summary>
    public GptException TooFewTokens(long count, int needed) => new("TooFewTokens", GptErrorKind.InvalidData,
        $"There are {count} tokens, but a batch of {BatchSize} x {SequenceLength} needs at least {needed}. " +
        "Give more text, or a smaller batch size or sequence length.");
}
