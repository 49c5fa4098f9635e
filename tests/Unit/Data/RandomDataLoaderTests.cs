using PsGpt.Data;

namespace PsGpt.Unit.Data;

public sealed class RandomDataLoaderTests
{
    private static readonly int[] Hundred = [.. Enumerable.Range(0, 100)];

    [Fact]
    public void Rows_are_windows_of_the_text_and_targets_are_one_further()
    {
        var batch = new RandomDataLoader(TokenSequence.OfName(Hundred, "one"), 8, 5, seed: 1).Next();
        for (var row = 0; row < 8; row++)
        {
            var start = batch.Inputs[row * 5];
            Assert.Equal(Enumerable.Range(start, 5), batch.Inputs.Skip(row * 5).Take(5));
            Assert.Equal(Enumerable.Range(start + 1, 5), batch.Targets.Skip(row * 5).Take(5));
        }

        Assert.Equal("one", batch.TokenizerName);
    }

    [Fact]
    public void Every_start_that_leaves_room_for_the_last_target_occurs()
    {
        var batcher = new RandomDataLoader(new TokenSequence(Hundred), 50, 90, seed: 3);
        var starts = Enumerable.Range(0, 20).SelectMany(_ => batcher.Next().Inputs.Chunk(90).Select(row => row[0]));
        Assert.Equal(Enumerable.Range(0, 10), starts.Distinct().Order());
    }

    [Fact]
    public void The_same_seed_gives_the_same_batches_and_another_seed_others()
    {
        static int[] First(ulong seed) => new RandomDataLoader(new TokenSequence(Hundred), 4, 8, seed).Next().Inputs;
        Assert.Equal(First(7), First(7));
        Assert.NotEqual(First(7), First(8));
    }

    [Fact]
    public void A_stored_state_goes_on_with_the_same_batches()
    {
        var batcher = new RandomDataLoader(new TokenSequence(Hundred), 4, 8, seed: 7);
        batcher.Next();
        var state = batcher.State;
        var expected = batcher.Next().Inputs;
        var resumed = new RandomDataLoader(new TokenSequence(Hundred), 4, 8, seed: 0) { State = state };
        Assert.Equal(expected, resumed.Next().Inputs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Batches_that_are_left_out_are_those_that_would_have_come(int count)
    {
        var whole = new RandomDataLoader(new TokenSequence(Hundred), 4, 8, seed: 7);
        var skipped = new RandomDataLoader(new TokenSequence(Hundred), 4, 8, seed: 7);
        for (var i = 0; i < count; i++)
            whole.Next();
        skipped.Skip(count);
        Assert.Equal(whole.Epoch, skipped.Epoch);
        Assert.Equal(whole.Next().Inputs, skipped.Next().Inputs);
    }

    [Fact]
    public void One_window_more_than_the_sequence_is_enough_and_one_less_is_refused()
    {
        Assert.Equal([0, 1, 2], new RandomDataLoader(new TokenSequence(Hundred[0..4]), 1, 3, 1).Next().Inputs);
        var error = Assert.Throws<GptException>(() => new RandomDataLoader(new TokenSequence(Hundred[0..3]), 1, 3, 1));
        Assert.Equal("TooFewTokens", error.ErrorId);
        Assert.Contains("There are 3 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("at least 4.", error.Message, StringComparison.Ordinal);
    }
}
