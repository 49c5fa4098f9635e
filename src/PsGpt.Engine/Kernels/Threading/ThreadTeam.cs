using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace PsGpt.Kernels.Threading;

/// <summary>
/// A thread pool for parallel loops, in which the caller takes part. Each thread does its own share, and then steals chunks from the
/// shares of others. A training step has hundreds of loops, some of them microseconds short, so a waiting thread spins a little before
/// it sleeps, and a loop allocates nothing.
/// </summary>
internal sealed unsafe class ThreadTeam
{
    /// <summary>About 0.2 ms of spinning before a thread sleeps: longer than the serial gaps within a training step.</summary>
    private const int SpinLimit = 2000;

    /// <summary>
    /// Integers between two counters that threads write to all the time: two cache lines, which processors fetch in pairs.
    /// </summary>
    private const int CountDistance = 32;

    private static readonly Lazy<ThreadTeam> SharedTeam = new(() =>
        new ThreadTeam(CountFrom(Environment.GetEnvironmentVariable("PSGPT_THREADS"), Environment.ProcessorCount)));

    private readonly Lock gate = new();
    private readonly SemaphoreSlim wake = new(0);
    private int sleeperCount;

    // The helper from another team, if any, has the share behind those of the threads.
    private int helperCount;

    // The loop that runs. Its caller writes it before the tickets; a thread reads it after it has drawn a chunk from one of them. The
    // caller does not return before all drawn chunks are done, so a thread always reads the loop it has drawn from.
    private delegate*<void*, int, int, void> body;
    private void* context;
    private GuidedSchedule schedule;

    // The tickets: for each share the number of chunks left to draw, 0 or less if none is; behind them the number of unfinished chunks.
    private readonly int[] counts;
    private int loop;
    private Exception? failure;

    /// <summary>Starts <paramref name="threadCount"/> − 1 threads; the caller of a loop is the last one.</summary>
    /// <exception cref="GptException"><c>ThreadsNotAvailable</c>.</exception>
    public ThreadTeam(int threadCount, Action<Thread>? start = null)
    {
        start ??= static thread => thread.Start();
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        ThreadCount = threadCount;
        counts = new int[(MaxShares + 2) * CountDistance];
        for (var i = 1; i < threadCount; i++)
        {
            var share = i;
            try
            {
                start(new Thread(() => Work(share), maxStackSize: 1 << 20) { IsBackground = true, Name = $"PsGpt worker {i}" });
            }
            catch (OutOfMemoryException exception)
            {
                throw new GptException("ThreadsNotAvailable", GptErrorKind.LimitExceeded,
                    $"The system gave this process {i} of {threadCount} threads. End other programs, raise the limit (ulimit -u), or set " +
                    $"PSGPT_THREADS to {i} before the process starts.", exception);
            }
        }
    }

    /// <summary>The team of the process: <c>PSGPT_THREADS</c> threads, or as many as there are processors.</summary>
    /// <exception cref="GptException"><c>ThreadCountInvalid</c>.</exception>
    public static ThreadTeam Shared => SharedTeam.Value;

    /// <summary>The number of threads that <c>PSGPT_THREADS</c> asks for, or the number of processors.</summary>
    /// <exception cref="GptException"><c>ThreadCountInvalid</c>.</exception>
    internal static int CountFrom(string? setting, int processorCount)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return processorCount;
        if (int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= processorCount)
            return count;
        throw new GptException("ThreadCountInvalid", GptErrorKind.InvalidArgument,
            $"PSGPT_THREADS is '{setting}', which is no number from 1 to {processorCount}: more threads than processors wait for each "
            + $"other. Set it to one, or remove it to use all {processorCount} processors.");
    }

    /// <summary>The number of threads, the caller among them.</summary>
    public int ThreadCount { get; }

    /// <summary>
    /// Does <paramref name="itemCount"/> items in chunks of at least <paramref name="minChunk"/>. If the team is busy with another
    /// caller's loop, or with one that this loop is part of, the caller does it alone, with the same result.
    /// </summary>
    /// <remarks>
    /// An exception of the task, such as a lack of memory, is thrown to the caller, whichever thread it arose on, when no thread works on
    /// the loop any more. The method is compiled once, with all optimizations: recompiling in the background would take a processor from
    /// a team that waits for each of its threads, in the first steps of every session.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void For<TTask>(int itemCount, int minChunk, TTask task)
        where TTask : struct, IParallelTask
    {
        var chunks = new GuidedSchedule(itemCount, minChunk, ThreadCount + Volatile.Read(ref helperCount));
        if (!chunks.IsWorthSharing || gate.IsHeldByCurrentThread || !gate.TryEnter())
        {
            if (itemCount > 0)
                task.Execute(0, itemCount);
            return;
        }

        try
        {
            body = &Execute<TTask>;
            context = Unsafe.AsPointer(ref task);
            schedule = chunks;
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

    /// <summary>Helps the team until <paramref name="isOver"/> is not 0. A team has at most one helper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void HelpUntil(ref int isOver)
    {
        Volatile.Write(ref helperCount, 1);
        while (Volatile.Read(ref isOver) == 0)
        {
            WorkThrough(ThreadCount);
            Thread.SpinWait(4);
        }

        Volatile.Write(ref helperCount, 0);
    }

    /// <summary>
    /// Does a chunk on a copy of the task. The task itself is on the caller's stack, which the caller writes to all the time: other
    /// threads that read it there may wait for a cache line from the caller's core at each read.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Execute<TTask>(void* context, int start, int end)
        where TTask : struct, IParallelTask
    {
        var own = Unsafe.AsRef<TTask>(context);
        own.Execute(start, end);
    }

    /// <summary>Opens the chunks to be drawn, and wakes sleeping threads.</summary>
    private void Publish()
    {
        var chunkCount = 0;
        for (var share = 0; share < schedule.ShareCount; share++)
            chunkCount += schedule.Count(share);
        Volatile.Write(ref Unfinished, chunkCount);
        for (var share = 0; share < schedule.ShareCount; share++)
            Volatile.Write(ref Tickets(share), schedule.Count(share));
        Interlocked.Increment(ref loop);
        var sleepers = Volatile.Read(ref sleeperCount);
        if (sleepers > 0)
            wake.Release(Math.Min(sleepers, chunkCount));
    }

    /// <summary>
    /// Does a share, and then the rest of the others. The finished chunks are subtracted once, at the end: between two threads that share
    /// no cache, each change of a counter takes a good part of a microsecond.
    /// </summary>
    private void WorkThrough(int ownShare)
    {
        var done = 0;
        for (var i = 0; i < MaxShares; i++)
        {
            var share = ownShare + i < MaxShares ? ownShare + i : ownShare + i - MaxShares;
            while (TryWork(share))
                done++;
        }

        if (done > 0)
            Interlocked.Add(ref Unfinished, -done);
    }

    /// <summary>Draws one chunk of a share and does it; false if none is left.</summary>
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
            // Tickets count down; the first chunks are the long ones.
            var (start, end) = schedule[share, schedule.Count(share) - 1 - left];
            body(context, start, end);
        }
        catch (Exception exception)
        {
            // On a thread of the team it would end the process; on the caller's, others would still work on memory that is being freed.
            Interlocked.CompareExchange(ref failure, exception, null);
        }

        return true;
    }

    private int MaxShares => ThreadCount + 1;

    // The first place stays free: beside it is the array's length, which every access reads.
    private ref int Tickets(int share) => ref counts[(share + 1) * CountDistance];

    private ref int Unfinished => ref counts[(MaxShares + 1) * CountDistance];

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
