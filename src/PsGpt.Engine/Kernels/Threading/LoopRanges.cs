namespace PsGpt.Kernels;

/// <summary>
/// The ranges that the items of a loop are handed out in: long ones first, since a thread that knows what it does next can prepare
/// it, and short ones last, so that the threads end together. Each round hands every thread one range, half of what is left in all.
/// </summary>
/// <param name="itemCount">The items.</param>
/// <param name="shortest">The least items of a range but the last.</param>
/// <param name="threadCount">The threads that take ranges.</param>
internal readonly struct LoopRanges(int itemCount, int shortest, int threadCount)
{
    /// <summary>The number of ranges.</summary>
    public int Count
    {
        get
        {
            var (range, start) = (0, 0);
            for (var length = Length(start); length > shortest; length = Length(start))
                (range, start) = (range + threadCount, start + (threadCount * length));
            return range + (itemCount - start + shortest - 1) / shortest;
        }
    }

    /// <summary>The items of a range, from its first to the one behind its last.</summary>
    public (int Start, int End) this[int range]
    {
        get
        {
            var start = 0;
            var length = Length(start);
            for (; length > shortest && range >= threadCount; length = Length(start))
                (range, start) = (range - threadCount, start + (threadCount * length));
            length = Math.Max(length, shortest);
            start += range * length;
            return (start, Math.Min(start + length, itemCount));
        }
    }

    /// <summary>How long the ranges of a round are.</summary>
    private int Length(int start) => (itemCount - start) / (2 * threadCount);
}
