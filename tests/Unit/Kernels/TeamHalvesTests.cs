using System.Collections.Concurrent;
using System.Diagnostics;
using PsGpt.Kernels.Threading;

namespace PsGpt.Unit.Kernels;

public sealed class TeamHalvesTests
{
    /// <summary>Loops of one half count in the first 50 places, those of the other behind them.</summary>
    private readonly unsafe struct LoopsTask(TeamHalves halves, int* counts, int loops) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (var half = start; half < end; half++)
            {
                for (var loop = 0; loop < (half + 1) * loops; loop++)
                    (half == 0 ? halves.First : halves.Second).For(50, 1, new CountTask(counts + (50 * half)));
            }
        }
    }

    private readonly struct NoteThreadTask(ConcurrentDictionary<int, bool> threads) : IParallelTask
    {
        public void Execute(int start, int end) => threads[Environment.CurrentManagedThreadId] = true;
    }

    /// <summary>The first half is nothing; the second goes on until two threads have worked on it, or the time is over.</summary>
    private readonly struct UnequalTask(TeamHalves halves, ConcurrentDictionary<int, bool> threads) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            if (end < 2)
                return;
            for (var clock = Stopwatch.StartNew(); threads.Count < 2 && clock.Elapsed < TimeSpan.FromMinutes(1);)
                halves.Second.For(64, 1, new NoteThreadTask(threads));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public unsafe void Every_item_of_both_halves_is_done_once(int threadCount)
    {
        var halves = TeamHalves.Of(new ThreadTeam(threadCount));
        var counts = new int[100];
        fixed (int* pointer = counts)
        {
            for (var i = 0; i < 200; i++)
                halves.For(new LoopsTask(halves, pointer, loops: 10));
        }

        Assert.All(counts[..50], count => Assert.Equal(2000, count));
        Assert.All(counts[50..], count => Assert.Equal(4000, count));
    }

    [Fact]
    public void Who_is_done_helps_with_the_other_half()
    {
        var halves = TeamHalves.Of(new ThreadTeam(2));
        var threads = new ConcurrentDictionary<int, bool>();
        halves.For(new UnequalTask(halves, threads));
        Assert.Equal(2, threads.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public unsafe void An_exception_of_a_half_is_the_callers_and_the_halves_go_on(int half)
    {
        var halves = TeamHalves.Of(new ThreadTeam(2));
        for (var i = 0; i < 100; i++)
            Assert.Equal("OutOfMemory", Assert.Throws<GptException>(() => halves.For(new FailingTask(half))).ErrorId);
        var counts = new int[100];
        fixed (int* pointer = counts)
            halves.For(new LoopsTask(halves, pointer, loops: 1));
        Assert.All(counts[..50], count => Assert.Equal(1, count));
        Assert.All(counts[50..], count => Assert.Equal(2, count));
    }
}
