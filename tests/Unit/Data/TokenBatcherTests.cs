using PsGpt.Data;

namespace PsGpt.Unit.Data;

public sealed class TokenBatcherTests
{
    private static readonly int[] Eleven = [.. Enumerable.Range(100, 11)];

    [Fact]
    public void Targets_are_the_inputs_shifted_by_one_across_the_ends_of_rows()
    {
        var batch = Assert.Single(new TokenBatcher(2, 3).Push(new TokenSequence(Eleven[..7])));
        Assert.Equal([100, 101, 102, 103, 104, 105], batch.Inputs);
        Assert.Equal([101, 102, 103, 104, 105, 106], batch.Targets);
        Assert.Equal((2, 3), (batch.BatchSize, batch.SequenceLength));
    }

    [Fact]
    public void The_next_batch_starts_where_the_inputs_of_the_last_one_ended()
    {
        var batches = new TokenBatcher(1, 4).Push(new TokenSequence(Eleven)).ToList();
        Assert.Equal([[100, 101, 102, 103], [104, 105, 106, 107]], batches.Select(batch => batch.Inputs));
        Assert.Equal([104, 108], batches.Select(batch => batch.Targets[^1]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(1000)]
    public void Pieces_of_any_size_give_the_batches_of_the_whole(int pieceSize)
    {
        var ids = Enumerable.Range(0, 1000).ToArray();
        var batcher = new TokenBatcher(2, 2);
        var batches = ids.Chunk(pieceSize).SelectMany(piece => batcher.Push(new TokenSequence(piece))).ToList();

        Assert.Equal((1000 - 1) / 4, batches.Count);
        Assert.Equal(ids.Take(batches.Count * 4), batches.SelectMany(batch => batch.Inputs));
        Assert.Equal(ids.Skip(1).Take(batches.Count * 4), batches.SelectMany(batch => batch.Targets));
    }

    [Theory]
    [InlineData(5, 0)] // one batch of 1 x 4, every id in it
    [InlineData(6, 1)]
    [InlineData(8, 3)]
    [InlineData(9, 0)]
    [InlineData(4, 4)] // no batch yet
    public void The_rest_is_counted(int count, int rest)
    {
        var batcher = new TokenBatcher(1, 4);
        _ = batcher.Push(new TokenSequence([.. Enumerable.Range(0, count)])).Count();
        Assert.Equal(rest, batcher.RemainingCount);
    }

    [Fact]
    public void A_padded_last_batch_holds_the_rest_and_ignores_the_padding()
    {
        var batcher = new TokenBatcher(2, 3);
        _ = batcher.Push(new TokenSequence(Eleven)).Count();
        var last = batcher.Finish(padRest: true)!;
        Assert.Equal([106, 107, 108, 109, 0, 0], last.Inputs);
        Assert.Equal([107, 108, 109, 110, TokenBatch.IgnoredTarget, TokenBatch.IgnoredTarget], last.Targets);
        Assert.Equal(0, batcher.RemainingCount);
    }

    [Fact]
    public void Nothing_is_padded_where_nothing_remains()
    {
        var batcher = new TokenBatcher(1, 4);
        _ = batcher.Push(new TokenSequence(Eleven[..9])).Count();
        Assert.Null(batcher.Finish(padRest: true));
    }

    [Theory]
    [InlineData(false, 6, 7)]
    [InlineData(true, 1, 2)]
    [InlineData(true, 0, 2)]
    public void Too_few_tokens_are_told_with_both_numbers(bool padRest, int count, int needed)
    {
        var batcher = new TokenBatcher(2, 3);
        _ = batcher.Push(new TokenSequence(Eleven[..count])).Count();
        var error = Assert.Throws<GptException>(() => batcher.Finish(padRest));
        Assert.Equal(("TooFewTokens", GptErrorKind.InvalidData), (error.ErrorId, error.Kind));
        Assert.Contains($"There are {count} tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains($"at least {needed}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_of_another_tokenizer_are_refused_and_not_taken()
    {
        var batcher = new TokenBatcher(1, 4);
        _ = batcher.Push(new TokenSequence([1, 2, 3], new ByteTokenizer("one"))).Count();
        var error = Assert.Throws<GptException>(() => batcher.Push(new TokenSequence([9, 9], new ByteTokenizer("two"))));
        Assert.Equal("TokenizerMismatch", error.ErrorId);
        Assert.Contains("'one'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'two'", error.Message, StringComparison.Ordinal);

        var batch = Assert.Single(batcher.Push(new TokenSequence([4, 5], new ByteTokenizer("one"))));
        Assert.Equal([1, 2, 3, 4], batch.Inputs);
        Assert.Equal("one", batch.TokenizerName);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 0)]
    [InlineData(-1, -1)]
    [InlineData(65536, 65536)]
    public void Impossible_shapes_are_refused(int batchSize, int sequenceLength)
    {
        Assert.Equal("BatchShapeInvalid", Assert.Throws<GptException>(() => new TokenBatcher(batchSize, sequenceLength)).ErrorId);
        var error = Assert.Throws<GptException>(() => new RandomDataLoader(new TokenSequence(Eleven), batchSize, sequenceLength, 1));
        Assert.Equal("BatchShapeInvalid", error.ErrorId);
    }
}
