using PsGpt.Data;

namespace PsGpt.Unit.Data;

public sealed class TokenSourceTests
{
    private static readonly int[] Ten = [.. Enumerable.Range(0, 10)];

    public static TheoryData<ITokenSource> OfTen =>
    [
        new TokenSequence(Ten),
        new TokenSlice(new TokenSequence(Enumerable.Range(-3, 20).ToArray()), 3, 10),
        new ConcatenatedTokens(
        [
            new TokenSequence(Ten[0..3]), new TokenSequence([]), new TokenSequence([]), new TokenSequence(Ten[3..4]),
            new TokenSlice(new TokenSequence(Ten), 4, 6), new TokenSequence([]),
        ]),
    ];

    [Theory]
    [MemberData(nameof(OfTen))]
    public void Every_range_is_read(ITokenSource source)
    {
        Assert.Equal(10, source.Count);
        for (var start = 0; start <= 10; start++)
        {
            for (var count = 0; count <= 10 - start; count++)
            {
                var ids = new int[count];
                source.CopyTo(start, ids);
                Assert.Equal(Ten[start..(start + count)], ids);
            }
        }
    }

    [Theory]
    [MemberData(nameof(OfTen))]
    public void A_range_beyond_the_ids_is_refused(ITokenSource source)
    {
        foreach (var (start, count) in new[] { (-1L, 1), (0, 11), (10, 1), (11, 0), (long.MaxValue, 2) })
            Assert.Throws<ArgumentOutOfRangeException>(() => source.CopyTo(start, new int[count]));
    }

    [Fact]
    public void A_slice_of_a_chain_keeps_the_borders()
    {
        var chain = new ConcatenatedTokens(
            [new TokenSequence(Ten[0..3]), new TokenSequence([]), new TokenSequence(Ten[3..7]), new TokenSequence(Ten[7..10])]);
        var slice = chain.Slice(2, 6);
        Assert.Equal([1, 4, 1], slice.Parts.Select(part => part.Count));
        var ids = new int[6];
        slice.CopyTo(0, ids);
        Assert.Equal(Ten[2..8], ids);
        Assert.Empty(chain.Slice(10, 0).Parts);
        Assert.Throws<ArgumentOutOfRangeException>(() => chain.Slice(5, 6));
    }

    [Fact]
    public void A_part_beyond_the_whole_is_refused()
    {
        foreach (var (start, count) in new[] { (-1L, 1L), (0, 11), (11, 0), (0, -1), (1, long.MaxValue) })
            Assert.Throws<ArgumentOutOfRangeException>(() => new TokenSlice(new TokenSequence(Ten), start, count));
    }
}
