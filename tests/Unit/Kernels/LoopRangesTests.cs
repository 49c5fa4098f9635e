using PsGpt.Kernels.Threading;

namespace PsGpt.Unit.Kernels;

public sealed class LoopRangesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_ranges_of_all_shares_follow_each_other_and_cover_every_item(int shareCount)
    {
        foreach (var shortest in new[] { 1, 2, 5, 16 })
        {
            for (var items = 0; items < 300; items++)
            {
                var ranges = new LoopRanges(items, shortest, shareCount);
                var next = 0;
                for (var share = 0; share < shareCount; share++)
                {
                    var first = next;
                    for (var i = 0; i < ranges.Count(share); i++)
                    {
                        var (start, end) = ranges[share, i];
                        Assert.Equal(next, start);
                        Assert.True(end - start >= shortest || i == ranges.Count(share) - 1, $"{start}..{end} of {items} is shorter than {shortest}");
                        Assert.True(end > start);
                        next = end;
                    }

                    Assert.InRange(next - first, items / shareCount, (items / shareCount) + 1);
                }

                Assert.Equal(items, next);
            }
        }
    }

    [Fact]
    public void Each_range_is_half_of_what_is_left_of_its_share()
    {
        var ranges = new LoopRanges(48, 1, 2);
        Assert.Equal([12, 6, 3, 1, 1, 1], Enumerable.Range(0, ranges.Count(1)).Select(i => ranges[1, i].End - ranges[1, i].Start));
    }

    [Theory]
    [InlineData(48, 1, 2, true)]
    [InlineData(48, 1, 1, false)]
    [InlineData(5, 5, 2, false)]
    [InlineData(6, 5, 2, true)]
    [InlineData(0, 1, 2, false)]
    public void A_loop_of_one_range_or_for_one_thread_is_not_shared(int items, int shortest, int shareCount, bool isShared) =>
        Assert.Equal(isShared, new LoopRanges(items, shortest, shareCount).IsWorthSharing);
}
