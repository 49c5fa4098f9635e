using PsGpt.Kernels;

namespace PsGpt.Unit.Kernels;

public sealed class LoopRangesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_ranges_follow_each_other_and_cover_every_item(int threadCount)
    {
        foreach (var shortest in new[] { 1, 2, 5, 16 })
        {
            for (var items = 0; items < 300; items++)
            {
                var ranges = new LoopRanges(items, shortest, threadCount);
                var next = 0;
                for (var i = 0; i < ranges.Count; i++)
                {
                    var (start, end) = ranges[i];
                    Assert.Equal(next, start);
                    Assert.True(end - start >= shortest || end == items, $"{start}..{end} of {items} is shorter than {shortest}");
                    Assert.True(end > start);
                    next = end;
                }

                Assert.Equal(items, next);
            }
        }
    }

    [Fact]
    public void Each_round_hands_out_half_of_what_is_left()
    {
        var ranges = new LoopRanges(48, 1, 2);
        Assert.Equal([12, 12, 6, 6, 3, 3, 1, 1, 1, 1, 1, 1], Enumerable.Range(0, ranges.Count).Select(i => ranges[i].End - ranges[i].Start));
    }
}
