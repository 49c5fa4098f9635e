using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace PsGpt.Kernels;

/// <summary>
/// Threads that live as long as the process and share the ranges of a parallel loop; the caller works along. A step has
/// hundreds of loops, some of them microseconds short, so a waiting thread spins a little before it sleeps, and a loop
/// allocates nothing.
/// </summary>
internal sealed unsafe class ThreadTeam
{
    /// <summary>About 0.2 ms of spinning before a thread sleeps: longer than the serial gaps within a training step.</summary>
    private const int SpinLimit = 2000;

    /// <summary>
    /// What the low half of the ticket holds when no range is left. A thread that comes too late counts down from here, and
    /// would have to do so a million times within one loop to reach the half that tells the loops apart.
    /// </summary>
    private const int NoneLeft = 1 << 20;

    private const int MostThreads = 1024;

    private static readonly Lazy<ThreadTeam> SharedTeam = new(() => new ThreadTeam(CountFrom(Environment.GetEnvironmentVariable("PSGPT_THREADS"))));

    private readonly Lock gate = new();
    private readonly SemaphoreSlim wake = new(0);
    private int sleeperCount;

    // The loop that runs: written by its caller before the ticket, read by a thread after it has drawn a range from the
    // ticket. The caller does not return before all drawn ranges are done, so what a thread reads is the loop it drew from.
    private delegate*<void*, int, int, void> body;
    private void* context;
    private LoopRanges ranges;
    private int rangeCount;

    private long ticket = NoneLeft;
    private int unfinished;
    private Exception? failure;

    /// <summary>Starts <paramref name="threadCount"/> − 1 threads; the caller of a loop is the last one.</summary>
    public ThreadTeam(int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        ThreadCount = threadCount;
        for (var i = 1; i < threadCount; i++)
            new Thread(Work, maxStackSize: 1 << 20) { IsBackground = true, Name = $"PsGpt worker {i}" }.Start();
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
        var loopRanges = new LoopRanges(itemCount, grain, ThreadCount);
        var rangeCount = loopRanges.Count;
        if (rangeCount <= 1 || ThreadCount == 1 || gate.IsHeldByCurrentThread || !gate.TryEnter())
        {
            if (itemCount > 0)
                task.Execute(0, itemCount);
            return;
        }

        try
        {
            body = &Execute<TTask>;
            context = Unsafe.AsPointer(ref task);
            (ranges, this.rangeCount) = (loopRanges, rangeCount);
            Volatile.Write(ref unfinished, rangeCount);
            var loop = (Volatile.Read(ref ticket) >> 32) + 1;
            Interlocked.Exchange(ref ticket, (loop << 32) | (uint)(NoneLeft + rangeCount));
            var sleepers = Volatile.Read(ref sleeperCount);
            if (sleepers > 0)
                wake.Release(Math.Min(sleepers, rangeCount - 1));
            while (TryWork())
            {
            }

            var spinner = default(SpinWait);
            for (var spins = 0; Volatile.Read(ref unfinished) != 0; spins++)
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

    /// <summary>Draws one range and does it; false where none is left.</summary>
    private bool TryWork()
    {
        if ((int)Volatile.Read(ref ticket) <= NoneLeft)
            return false;
        var range = (int)Interlocked.Decrement(ref ticket) - NoneLeft;
        if (range < 0)
            return false;
        try
        {
            // The ticket counts down; the first ranges are the long ones.
            var (start, end) = ranges[rangeCount - 1 - range];
            body(context, start, end);
        }
        catch (Exception exception)
        {
            // On a thread of the team it would end the process; on the caller's it would leave the others at work on memory that goes.
            Interlocked.CompareExchange(ref failure, exception, null);
        }

        Interlocked.Decrement(ref unfinished);
        return true;
    }

    private void Work()
    {
        while (true)
        {
            for (var spins = 0; spins < SpinLimit; spins++)
            {
                if (TryWork())
                    spins = 0;
                else
                    Thread.SpinWait(4);
            }

            Interlocked.Increment(ref sleeperCount);
            if ((int)Volatile.Read(ref ticket) <= NoneLeft)
                wake.Wait();
            Interlocked.Decrement(ref sleeperCount);
        }
    }
}
