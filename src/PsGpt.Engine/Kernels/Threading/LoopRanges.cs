namespace PsGpt.Kernels.Threading;

/// <summary>
/// The ranges that the items of a loop are handed out in. Each thread has a share of its own, of items that follow each other, so that from
/// loop to loop it works on the same rows, which its caches hold. A share is cut into long ranges first, since a thread that knows what
/// it does next can prepare it, and short ones last, which others can take over so that the threads end together: each range
/// is half of what is left of the share.
/// </summary>
/// <param name="itemCount">The items.</param>
/// <param name="shortest">The least items of a range but the last of a share.</param>
/// <param name="shareCount">The shares, one for each thread.</param>
internal readonly struct LoopRanges(int itemCount, int shortest, int shareCount)
{
    /// <summary>The shares, one for each thread that works along.</summary>
    public int ShareCount => shareCount;

    /// <summary>Whether there is anything that several threads could do.</summary>
    public bool IsWorthSharing => shareCount > 1 && itemCount > shortest;

    /// <summary>The number of ranges of a share.</summary>
    public int Count(int share)
    {
        var (range, left) = (0, Start(share + 1) - Start(share));
        for (; left / 2 > shortest; left -= left / 2)
            range++;
        return range + ((left + shortest - 1) / shortest);
    }

    /// <summary>The items of a range, from its first to the one behind its last.</summary>
    public (int Start, int End) this[int share, int range]
    {
        get
        {
            var (start, end) = (Start(share), Start(share + 1));
            for (; range > 0 && (end - start) / 2 > shortest; range--)
                start += (end - start) / 2;
            var length = Math.Max((end - start) / 2, shortest);
            start += range * length;
            return (start, Math.Min(start + length, end));
        }
    }

    private int Start(int share) => (int)((long)itemCount * share / shareCount);
}
