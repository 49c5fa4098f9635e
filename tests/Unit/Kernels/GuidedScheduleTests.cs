using PsGpt.Kernels.Threading;

namespace PsGpt.Unit.Kernels;

public sealed class GuidedScheduleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_chunks_of_all_shares_are_adjacent_and_cover_every_item(int shareCount)
    {
        foreach (var minChunk in new[] { 1, 2, 5, 16 })
        {
            for (var items = 0; items < 300; items++)
            {
                var schedule = new GuidedSchedule(items, minChunk, shareCount);
                var next = 0;
                for (var share = 0; share < shareCount; share++)
                {
                    var first = next;
                    for (var i = 0; i < schedule.Count(share); i++)
                    {
                        var (start, end) = schedule[share, i];
                        Assert.Equal(next, start);
                        var isLast = i == schedule.Count(share) - 1;
                        Assert.True(end - start >= minChunk || isLast, $"{start}..{end} of {items} is shorter than {minChunk}");
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
    public void Each_chunk_is_half_of_the_rest_of_its_share()
    {
        var schedule = new GuidedSchedule(48, 1, 2);
        Assert.Equal([12, 6, 3, 1, 1, 1], Enumerable.Range(0, schedule.Count(1)).Select(i => schedule[1, i].End - schedule[1, i].Start));
    }

    [Theory]
    [InlineData(48, 1, 2, true)]
    [InlineData(48, 1, 1, false)]
    [InlineData(5, 5, 2, false)]
    [InlineData(6, 5, 2, true)]
    [InlineData(0, 1, 2, false)]
    public void A_loop_of_one_chunk_or_for_one_thread_is_not_shared(int items, int minChunk, int shareCount, bool isShared) =>
        Assert.Equal(isShared, new GuidedSchedule(items, minChunk, shareCount).IsWorthSharing);
}
