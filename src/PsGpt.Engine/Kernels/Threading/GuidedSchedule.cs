namespace PsGpt.Kernels.Threading;

/// <summary>
/// The chunks of a parallel loop. Each thread has a share of adjacent items, so that from loop to loop it works on the same rows, which
/// its caches hold. A share is cut into long chunks first, since a thread that knows its next items can prepare them, and short ones
/// last, which other threads can take over so that all end together: each chunk is half of the rest of the share.
/// </summary>
/// <remarks>OpenMP's <c>schedule(guided)</c>, for each share.</remarks>
/// <param name="itemCount">The items of the loop.</param>
/// <param name="minChunk">The minimum number of items in a chunk, except the last of a share.</param>
/// <param name="shareCount">The shares, one for each thread.</param>
internal readonly struct GuidedSchedule(int itemCount, int minChunk, int shareCount)
{
    /// <summary>The shares, one for each thread that takes part.</summary>
    public int ShareCount => shareCount;

    /// <summary>Whether there is work for several threads.</summary>
    public bool IsWorthSharing => shareCount > 1 && itemCount > minChunk;

    /// <summary>The number of chunks in a share.</summary>
    public int Count(int share)
    {
        var (chunk, left) = (0, Start(share + 1) - Start(share));
        for (; left / 2 > minChunk; left -= left / 2)
            chunk++;
        return chunk + ((left + minChunk - 1) / minChunk);
    }

    /// <summary>The items of a chunk, from the first to the one behind the last.</summary>
    public (int Start, int End) this[int share, int chunk]
    {
        get
        {
            var (start, end) = (Start(share), Start(share + 1));
            for (; chunk > 0 && (end - start) / 2 > minChunk; chunk--)
                start += (end - start) / 2;
            var length = Math.Max((end - start) / 2, minChunk);
            start += chunk * length;
            return (start, Math.Min(start + length, end));
        }
    }

    private int Start(int share) => (int)((long)itemCount * share / shareCount);
}
