using System.Runtime.InteropServices;

namespace PsGpt.Data;

/// <summary>
/// Cuts a stream of ids into batches in order, as llm.c's data loader does: a batch takes B · T + 1 ids, its targets are its
/// inputs shifted by one across the ends of the rows, and the next batch starts B · T further. Keeps less than one batch.
/// Not safe to use from several threads.
/// </summary>
/// <param name="batchSize">B, the number of rows, at least 1.</param>
/// <param name="sequenceLength">T, the number of ids in a row, at least 1.</param>
/// <exception cref="GptException"><c>BatchShapeInvalid</c>.</exception>
public sealed class TokenBatcher(int batchSize, int sequenceLength)
{
    private readonly BatchShape shape = new(batchSize, sequenceLength);
    private readonly SharedTokenizer tokenizer = new();

    // The ids that have not been inputs yet. After a batch that is one id, its last target.
    private readonly List<int> pending = [];

    /// <summary>The number of batches made so far.</summary>
    public long BatchCount { get; private set; }

    /// <summary>The number of ids that are in no batch yet, neither as an input nor as a target.</summary>
    public int RemainingCount => BatchCount == 0 ? pending.Count : pending.Count - 1;

    /// <summary>Takes the ids that follow those of the last call and gives the batches that they complete.</summary>
    /// <returns>The batches, made while they are enumerated: enumerate all of them before the next call.</returns>
    /// <exception cref="GptException">
    /// <c>TokenizerMismatch</c>: another tokenizer made the ids before these; they are not taken.
    /// </exception>
    public IEnumerable<TokenBatch> Push(TokenSequence sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        tokenizer.Require(sequence);
        return Cut(sequence.Ids);
    }

    /// <summary>Ends the stream.</summary>
    /// <param name="padRest">
    /// True makes a last batch of the ids that remain, filled up with id 0 and <see cref="TokenBatch.IgnoredTarget"/>;
    /// false leaves them, and <see cref="RemainingCount"/> says how many they are.
    /// </param>
    /// <returns>The last batch, or null.</returns>
    /// <exception cref="GptException"><c>TooFewTokens</c>: the whole stream did not give one batch.</exception>
    public TokenBatch? Finish(bool padRest = false)
    {
        var needed = padRest ? 2 : shape.TokenCount + 1;
        if (BatchCount == 0 && pending.Count < needed)
            throw shape.TooFewTokens(pending.Count, needed);
        return padRest && RemainingCount > 0 ? Take() : null;
    }

    private IEnumerable<TokenBatch> Cut(ReadOnlyMemory<int> ids)
    {
        while (!ids.IsEmpty)
        {
            var count = Math.Min(shape.TokenCount + 1 - pending.Count, ids.Length);
            pending.AddRange(ids.Span[..count]);
            ids = ids[count..];
            if (pending.Count == shape.TokenCount + 1)
                yield return Take();
        }
    }

    /// <summary>Makes a batch of all pending ids; the last one is the first input of the next batch.</summary>
    private TokenBatch Take()
    {
        var batch = shape.Cut(CollectionsMarshal.AsSpan(pending), tokenizer.Name, tokenizer.Tokenizer);
        pending.RemoveRange(0, pending.Count - 1);
        BatchCount++;
        return batch;
    }
}
