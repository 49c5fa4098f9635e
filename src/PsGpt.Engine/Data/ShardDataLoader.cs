using PsGpt.Tokenization;

namespace PsGpt.Data;

/// <summary>
/// Reads a text shard by shard in parts of B · T ids, in order or shuffled, as llm.c's data loader does, and begins again at the
/// end. A part takes B · T + 1 ids, the last of them as a target only; the ids behind a shard's last whole part are not used.
/// Not safe to use from several threads.
/// </summary>
public sealed class ShardDataLoader : IDataLoader
{
    private readonly IReadOnlyList<ITokenSource> shards;
    private readonly string? tokenizerName;
    private readonly Tokenizer? tokenizer;
    private readonly BatchShape shape;
    private readonly uint? seed;
    private readonly int[] ids;
    private readonly int[] shardOrder;
    private MersenneTwister? random;
    private int[] partOrder = [];
    private int epoch;
    private int shard;
    private int part;

    /// <summary>Makes a loader.</summary>
    /// <param name="tokens">
    /// All ids. The parts of a <see cref="ConcatenatedTokens"/> are its shards; those that are too short for a batch are left out.
    /// </param>
    /// <param name="batchSize">B, the number of rows, at least 1.</param>
    /// <param name="sequenceLength">T, the number of ids in a row, at least 1.</param>
    /// <param name="shuffleSeed">
    /// Shuffles shards and parts anew in each epoch, as llm.c does with this seed (it uses 42); null keeps the order. Only the lower
    /// 32 bits are used.
    /// </param>
    /// <exception cref="GptException"><c>BatchShapeInvalid</c>, <c>TooFewTokens</c>: no shard is long enough.</exception>
    public ShardDataLoader(ITokenSource tokens, int batchSize, int sequenceLength, ulong? shuffleSeed = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        shape = new BatchShape(batchSize, sequenceLength);
        shards = [.. (tokens is ConcatenatedTokens chain ? chain.Parts : [tokens]).Where(source => source.Count > shape.TokenCount)];
        if (shards.Count == 0)
            throw shape.TooFewTokens(tokens.Count, shape.TokenCount + 1);
        (tokenizerName, tokenizer, seed) = (tokens.TokenizerName, tokens.GetTokenizer(), (uint?)shuffleSeed);
        TokensPerEpoch = shards.Sum(PartCount) * shape.TokenCount;
        ids = new int[shape.TokenCount + 1];
        shardOrder = new int[shards.Count];
        Rewind();
    }

    /// <inheritdoc/>
    public long TokensPerEpoch { get; }

    /// <inheritdoc/>
    public double Epoch
    {
        get
        {
            var partsBefore = shardOrder.Take(shard).Sum(index => PartCount(shards[index])) + part;
            return epoch + ((double)partsBefore * shape.TokenCount / TokensPerEpoch);
        }
    }

    /// <inheritdoc/>
    public BatchPosition Position => new() { Epoch = epoch, Shard = shard, Place = (long)part * shape.TokenCount };

    /// <inheritdoc/>
    public void MoveTo(BatchPosition position, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(position);
        Rewind();

        // Without a shuffle all epochs are alike.
        if (random is null)
            epoch = Math.Max(position.Epoch, 0);
        while (epoch < position.Epoch || (epoch == position.Epoch && shard < position.Shard))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Advance();
        }

        var (place, rest) = Math.DivRem(position.Place, shape.TokenCount);
        if (epoch != position.Epoch || shard != position.Shard || rest != 0 || place < 0 || place > partOrder.Length)
        {
            throw new GptException("BatchPositionInvalid", GptErrorKind.InvalidData,
                $"The text has no place {position.Place} in shard {position.Shard}. " +
                "Give the same text, batch size and sequence length as before.");
        }

        part = (int)place;
    }

    /// <inheritdoc/>
    public TokenBatch Next()
    {
        if (part == partOrder.Length)
            Advance();
        shards[shardOrder[shard]].CopyTo((long)partOrder[part++] * shape.TokenCount, ids);
        return shape.Cut(ids, tokenizerName, tokenizer);
    }

    /// <inheritdoc/>
    public void Skip(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (part == partOrder.Length)
                Advance();
            part++;
        }
    }

    private long PartCount(ITokenSource source) => (source.Count - 1) / shape.TokenCount;

    private void Rewind()
    {
        random = seed is { } value ? new MersenneTwister(value) : null;
        for (var i = 0; i < shardOrder.Length; i++)
            shardOrder[i] = i;
        epoch = 0;
        BeginEpoch();
    }

    private void Advance()
    {
        if (shard < shards.Count - 1)
        {
            shard++;
            BeginShard();
            return;
        }

        epoch++;
        BeginEpoch();
    }

    private void BeginEpoch()
    {
        shard = 0;
        random?.Shuffle(shardOrder);
        BeginShard();
    }

    private void BeginShard()
    {
        part = 0;
        partOrder = [.. Enumerable.Range(0, checked((int)PartCount(shards[shardOrder[shard]])))];
        random?.Shuffle(partOrder);
    }
}
