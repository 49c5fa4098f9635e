using PsGpt.Data;

namespace PsGpt.Unit.Data;

public sealed class ShardDataLoaderTests
{
    // Four shards of three parts of 1 x 2 ids; the last id of a shard is a target only.
    private static readonly int[][] Shards = [.. Enumerable.Range(0, 4).Select(shard => Enumerable.Range(100 * shard, 7).ToArray())];

    /// <summary>
    /// The first id of each part, three parts in a row, four epochs: llm.c's <c>dataloader.h</c> with its seed 42, computed by another
    /// program. It shuffles the shards of an epoch from the order of the last one.
    /// </summary>
    private static readonly int[] Shuffled =
    [
        104, 100, 102, 2, 0, 4, 302, 300, 304, 202, 200, 204,
        2, 4, 0, 100, 102, 104, 202, 204, 200, 304, 300, 302,
        0, 4, 2, 304, 302, 300, 204, 200, 202, 104, 102, 100,
        102, 100, 104, 4, 0, 2, 202, 200, 204, 300, 304, 302,
    ];

    [Fact]
    public void Shards_and_parts_come_in_the_order_of_llm_c_in_every_epoch()
    {
        var loader = NewLoader(42);
        Assert.Equal(Shuffled, Enumerable.Range(0, Shuffled.Length).Select(_ => loader.Next().Inputs[0]));
        Assert.Equal(24, loader.TokensPerEpoch);
    }

    [Fact]
    public void Without_a_seed_the_order_is_that_of_the_text()
    {
        var loader = NewLoader(null);
        int[] epoch = [0, 2, 4, 100, 102, 104, 200, 202, 204, 300, 302, 304];
        Assert.Equal([.. epoch, .. epoch], Enumerable.Range(0, 24).Select(_ => loader.Next().Inputs[0]));
    }

    [Theory]
    [InlineData(42)]
    [InlineData(null)]
    public void From_any_position_the_same_batches_follow(int? seed)
    {
        var expected = NewLoader(seed);
        var moved = NewLoader(seed);
        for (var i = 0; i < 40; i++)
        {
            moved.MoveTo(expected.Position);
            Assert.Equal(i / 12.0, moved.Epoch, 1e-9);
            var (batch, other) = (expected.Next(), moved.Next());
            Assert.Equal(batch.Inputs, other.Inputs);
            Assert.Equal(batch.Targets, other.Targets);
        }
    }

    [Theory]
    [InlineData(0, 4, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(-1, 0, 0)]
    [InlineData(0, 0, 1)]
    [InlineData(0, 0, 8)]
    [InlineData(0, 0, -2)]
    public void A_position_that_the_text_has_not_is_refused(int epoch, int shard, long place)
    {
        var position = new BatchPosition { Epoch = epoch, Shard = shard, Place = place };
        Assert.Equal("BatchPositionInvalid", Assert.Throws<GptException>(() => NewLoader(42).MoveTo(position)).ErrorId);
    }

    [Fact]
    public void An_epoch_of_two_billions_is_reached_at_once_in_order_and_can_be_stopped_when_shuffled()
    {
        var position = new BatchPosition { Epoch = 2_000_000_000 };
        var loader = NewLoader(null);
        loader.MoveTo(position);
        Assert.Equal(2e9, loader.Epoch);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => NewLoader(42).MoveTo(position, stop.Token));
    }

    private static ShardDataLoader NewLoader(int? seed) =>
        new(new ConcatenatedTokens([.. Shards.Select(ids => new TokenSequence(ids, null))]), 1, 2, (ulong?)seed);
}
