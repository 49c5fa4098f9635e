using PsGpt.Kernels;
using PsGpt.Kernels.Threading;

namespace PsGpt.Unit.Kernels;

/// <summary>Two users of one team: two runs in one process, or a loop within a loop.</summary>
public sealed class SharedTeamTests
{
    private readonly struct WaitTask(CountdownEvent arrived, ManualResetEventSlim go) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            arrived.Signal();
            go.Wait();
        }
    }

    private readonly unsafe struct NestedTask(ThreadTeam team, int* counts) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (var i = start; i < end; i++)
                team.For(16, 1, new CountTask(counts + (16 * i)));
        }
    }

    [Fact]
    public async Task A_run_has_the_same_bits_while_another_has_the_team()
    {
        var team = new ThreadTeam(3);
        var kernels = KernelCatalog.GetAvailable(team)[0];
        var expected = TrainedBits.Of(kernels);

        // The team is held for the whole run, so that not one of its loops can have it.
        using var arrived = new CountdownEvent(3);
        using var go = new ManualResetEventSlim();
        var holder = OnItsOwnThread(() => team.For(3, 1, new WaitTask(arrived, go)));
        arrived.Wait();
        try
        {
            Assert.Equal(expected, TrainedBits.Of(kernels));
        }
        finally
        {
            go.Set();
            await holder;
        }
    }

    [Theory]
    [InlineData(3, 40)]
    [InlineData(4, 180)] // Two replicas.
    public async Task Runs_side_by_side_have_the_bits_that_each_has_alone(int threads, int sequenceLength)
    {
        var kernels = KernelCatalog.GetAvailable(new ThreadTeam(threads))[0];
        var expected = TrainedBits.Of(kernels, sequenceLength: sequenceLength);
        var runs = new byte[3][];
        await Task.WhenAll(
            Enumerable.Range(0, runs.Length)
                .Select(run => OnItsOwnThread(() => runs[run] = TrainedBits.Of(kernels, sequenceLength: sequenceLength))));
        Assert.All(runs, run => Assert.Equal(expected, run));
    }

    [Fact]
    public unsafe void A_loop_within_a_loop_does_every_item_once()
    {
        var team = new ThreadTeam(3);
        var counts = new int[16 * 16];
        fixed (int* pointer = counts)
        {
            for (var loop = 0; loop < 500; loop++)
                team.For(16, 1, new NestedTask(team, pointer));
        }

        Assert.All(counts, count => Assert.Equal(500, count));
    }

    [Fact]
    public unsafe void An_exception_on_any_thread_is_the_callers_and_the_team_goes_on()
    {
        var team = new ThreadTeam(3);
        for (var loop = 0; loop < 300; loop++)
            Assert.Equal("OutOfMemory", Assert.Throws<GptException>(() => team.For(32, 1, new FailingTask(loop % 32))).ErrorId);
        var counts = new int[64];
        fixed (int* pointer = counts)
            team.For(64, 1, new CountTask(pointer));
        Assert.All(counts, count => Assert.Equal(1, count));
    }

    /// <summary>Others wait for the threads of the pool.</summary>
    private static Task OnItsOwnThread(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
