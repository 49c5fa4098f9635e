namespace PsGpt.Data;

/// <summary>
/// Draws batches from random places of a text, as nanoGPT's <c>get_batch</c> does: each row is a window of T ids that starts
/// anywhere, and its targets are the window one id further. Not safe to use from several threads.
/// </summary>
public sealed class RandomDataLoader : IDataLoader
{
    private readonly ITokenSource tokens;
    private readonly BatchShape shape;
    private readonly RandomStream random;
    private long drawn;

    /// <summary>Makes a loader.</summary>
    /// <param name="tokens">All ids, at least T + 1.</param>
    /// <param name="batchSize">B, the number of rows, at least 1.</param>
    /// <param name="sequenceLength">T, the number of ids in a row, at least 1.</param>
    /// <param name="seed">The same seed gives the same batches on every machine.</param>
    /// <exception cref="GptException"><c>BatchShapeInvalid</c>, <c>TooFewTokens</c>.</exception>
    public RandomDataLoader(ITokenSource tokens, int batchSize, int sequenceLength, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        shape = new BatchShape(batchSize, sequenceLength);
        if (tokens.Count <= sequenceLength)
            throw shape.TooFewTokens(tokens.Count, sequenceLength + 1);
        (this.tokens, random) = (tokens, new RandomStream(seed));
    }

    /// <summary>The state of the random stream: store it and set it again, and the same batches follow.</summary>
    public ulong State
    {
        get => random.State;
        set => random.State = value;
    }

    /// <inheritdoc/>
    public double Epoch => (double)drawn / TokensPerEpoch;

    /// <inheritdoc/>
    public long TokensPerEpoch => tokens.Count;

    /// <inheritdoc/>
    public BatchPosition Position => new() { RandomState = random.State, Place = drawn };

    /// <inheritdoc/>
    public void MoveTo(BatchPosition position, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(position);
        (random.State, drawn) = (position.RandomState, position.Place);
    }

    /// <inheritdoc/>
    public TokenBatch Next()
    {
        var (B, T) = (shape.BatchSize, shape.SequenceLength);
        var inputs = new int[B * T];
        var targets = new int[B * T];
        for (var row = 0; row < B; row++)
        {
            var start = random.NextInt64(tokens.Count - T);
            tokens.CopyTo(start, inputs.AsSpan(row * T, T));
            tokens.CopyTo(start + 1, targets.AsSpan(row * T, T));
        }

        drawn += inputs.Length;
        return new TokenBatch(inputs, targets, B, T, tokens.TokenizerName, tokens.GetTokenizer()?.EndOfTextTokens);
    }

    /// <inheritdoc/>
    public void Skip(int count)
    {
        for (var row = 0L; row < (long)count * shape.BatchSize; row++)
            random.NextInt64(tokens.Count - shape.SequenceLength);
        drawn += (long)count * shape.TokenCount;
    }
}
