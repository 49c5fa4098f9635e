using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace PsGpt.Kernels.Threading;

/// <summary>
/// Threads that live as long as the process and share the ranges of a parallel loop; the caller works along. Each does its own share, and
/// then what is left of those of others. A step has hundreds of loops, some of them microseconds short, so a waiting thread spins a
/// little before it sleeps, and a loop allocates nothing.
/// </summary>
internal sealed unsafe class ThreadTeam
{
    /// <summary>About 0.2 ms of spinning before a thread sleeps: longer than the serial gaps within a training step.</summary>
    private const int SpinLimit = 2000;

    /// <summary>Integers between two counts that threads write to all the time: two cache lines, which processors fetch in pairs.</summary>
    private const int CountDistance = 32;

    private const int MostThreads = 1024;

    private static readonly Lazy<ThreadTeam> SharedTeam = new(() => new ThreadTeam(CountFrom(Environment.GetEnvironmentVariable("PSGPT_THREADS"))));

    private readonly Lock gate = new();
    private readonly SemaphoreSlim wake = new(0);
    private int sleeperCount;

    // The guest, if there is one, has the share behind those of the threads.
    private int guestCount;

    // The loop that runs: written by its caller before the tickets, read by a thread after it has drawn a range from one of
    // them. The caller does not return before all drawn ranges are done, so what a thread reads is the loop it drew from.
    private delegate*<void*, int, int, void> body;
    private void* context;
    private LoopRanges ranges;

    // Of each share, how many ranges are left to draw, 0 or less where none is; behind them, how many are not done.
    private readonly int[] counts;
    private int loop;
    private Exception? failure;

    /// <summary>Starts <paramref name="threadCount"/> − 1 threads; the caller of a loop is the last one.</summary>
    public ThreadTeam(int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        ThreadCount = threadCount;
        counts = new int[(MostShares + 2) * CountDistance];
        for (var i = 1; i < threadCount; i++)
        {
            var share = i;
            new Thread(() => Work(share), maxStackSize: 1 << 20) { IsBackground = true, Name = $"PsGpt worker {i}" }.Start();
        }
    }

    /// <summary>The team of the process: <c>PSGPT_THREADS</c> threads, or as many as there are processors.</summary>
    /// <exception cref="GptException"><c>ThreadCountInvalid</c>.</exception>
    public static ThreadTeam Shared => SharedTeam.Value;

    /// <summary>The number of threads that <c>PSGPT_THREADS</c> asks for; that of the processors where it is not set.</summary>
    /// <exception cref="GptException"><c>ThreadCountInvalid</c>.</exception>
    internal static int CountFrom(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return Environment.ProcessorCount;
        return int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MostThreads
            ? count
            : throw new GptException("ThreadCountInvalid", GptErrorKind.InvalidArgument,
                $"PSGPT_THREADS is '{setting}', which is no number from 1 to {MostThreads}. Set it to one, or remove it to use all {Environment.ProcessorCount} processors.");
    }

    /// <summary>The number of threads, the caller among them.</summary>
    public int ThreadCount { get; }

    /// <summary>
    /// Does <paramref name="itemCount"/> items in ranges of at least <paramref name="grain"/>. Where the team is busy with the loop of
    /// another caller, or with one that this one is part of, it is done by its caller alone: the result is the same.
    /// </summary>
    /// <remarks>
    /// An exception of the task, such as a lack of memory, is the caller's, whichever thread it arose on; it is thrown when no thread works on the loop any more.
    /// Compiled once, with all optimizations: what is compiled again in the background takes a processor from a team that waits for each of its
    /// threads, in each of a session's first steps.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void For<TTask>(int itemCount, int grain, TTask task)
        where TTask : struct, IParallelTask
    {
        var loopRanges = new LoopRanges(itemCount, grain, ThreadCount + Volatile.Read(ref guestCount));
        if (!loopRanges.IsWorthSharing || gate.IsHeldByCurrentThread || !gate.TryEnter())
        {
            if (itemCount > 0)
                task.Execute(0, itemCount);
            return;
        }

        try
        {
            body = &Execute<TTask>;
            context = Unsafe.AsPointer(ref task);
            ranges = loopRanges;
            Publish();
            WorkThrough(0);
            var spinner = default(SpinWait);
            for (var spins = 0; Volatile.Read(ref Unfinished) != 0; spins++)
            {
                if (spins < SpinLimit)
                    Thread.SpinWait(4);
                else
                    spinner.SpinOnce();
            }

            if (Interlocked.Exchange(ref failure, null) is { } thrown)
                ExceptionDispatchInfo.Throw(thrown);
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>Works along as a guest, of whom a team has one at most, until <paramref name="isOver"/> is not 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void HelpUntil(ref int isOver)
    {
        Volatile.Write(ref guestCount, 1);
        while (Volatile.Read(ref isOver) == 0)
        {
            WorkThrough(ThreadCount);
            Thread.SpinWait(4);
        }

        Volatile.Write(ref guestCount, 0);
    }

    /// <summary>
    /// Does a range on a copy of the task. The task itself lies on the caller's stack, which the caller writes to all the time: where
    /// the others read it there, each of their reads may wait for a cache line from its core.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Execute<TTask>(void* context, int start, int end)
        where TTask : struct, IParallelTask
    {
        var own = Unsafe.AsRef<TTask>(context);
        own.Execute(start, end);
    }

    /// <summary>Lets the ranges be drawn, and wakes who sleeps.</summary>
    private void Publish()
    {
        var rangeCount = 0;
        for (var share = 0; share < ranges.ShareCount; share++)
            rangeCount += ranges.Count(share);
        Volatile.Write(ref Unfinished, rangeCount);
        for (var share = 0; share < ranges.ShareCount; share++)
            Volatile.Write(ref Tickets(share), ranges.Count(share));
        Interlocked.Increment(ref loop);
        var sleepers = Volatile.Read(ref sleeperCount);
        if (sleepers > 0)
            wake.Release(Math.Min(sleepers, rangeCount));
    }

    /// <summary>
    /// Does a share, and then what is left of the others. What was done is counted once: between two threads that share no cache, each
    /// change of a count takes a good part of a microsecond.
    /// </summary>
    private void WorkThrough(int ownShare)
    {
        var done = 0;
        for (var i = 0; i < MostShares; i++)
        {
            var share = ownShare + i < MostShares ? ownShare + i : ownShare + i - MostShares;
            while (TryWork(share))
                done++;
        }

        if (done > 0)
            Interlocked.Add(ref Unfinished, -done);
    }

    /// <summary>Draws one range of a share and does it; false where none is left.</summary>
    private bool TryWork(int share)
    {
        ref var tickets = ref Tickets(share);
        if (Volatile.Read(ref tickets) <= 0)
            return false;
        var left = Interlocked.Decrement(ref tickets);
        if (left < 0)
            return false;
        try
        {
            // Tickets count down; the first ranges are the long ones.
            var (start, end) = ranges[share, ranges.Count(share) - 1 - left];
            body(context, start, end);
        }
        catch (Exception exception)
        {
            // On a thread of the team it would end the process; on the caller's it would leave the others at work on memory that goes.
            Interlocked.CompareExchange(ref failure, exception, null);
        }

        return true;
    }

    private int MostShares => ThreadCount + 1;

    // The first place stays free: the array's own length lies beside it, which every access reads.
    private ref int Tickets(int share) => ref counts[(share + 1) * CountDistance];

    private ref int Unfinished => ref counts[(MostShares + 1) * CountDistance];

    private void Work(int ownShare)
    {
        var seen = 0;
        while (true)
        {
            for (var spins = 0; spins < SpinLimit; spins++)
            {
                var current = Volatile.Read(ref loop);
                if (current == seen)
                {
                    Thread.SpinWait(4);
                    continue;
                }

                seen = current;
                WorkThrough(ownShare);
                spins = 0;
            }

            Interlocked.Increment(ref sleeperCount);
            if (Volatile.Read(ref loop) == seen)
                wake.Wait();
            Interlocked.Decrement(ref sleeperCount);
        }
    }
}
