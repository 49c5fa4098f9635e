namespace PsGpt.Data;

/// <summary>Several sources as one, one after the other, such as the shards of a large text.</summary>
public sealed class TokenChain : ITokenSource, IDisposable
{
    // Where each part begins, and after the last the number of all ids.
    private readonly long[] starts;

    /// <summary>Joins sources.</summary>
    /// <param name="parts">The sources, in order; the chain's to close.</param>
    public TokenChain(IReadOnlyList<ITokenSource> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Parts = parts;
        starts = new long[parts.Count + 1];
        for (var i = 0; i < parts.Count; i++)
            starts[i + 1] = starts[i] + parts[i].Count;
    }

    /// <summary>The sources, in order.</summary>
    public IReadOnlyList<ITokenSource> Parts { get; }

    /// <inheritdoc/>
    public long Count => starts[^1];

    /// <inheritdoc/>
    public void CopyTo(long start, Span<int> destination)
    {
        TokenRange.Require(this, start, destination.Length);
        for (var part = PartAt(start); !destination.IsEmpty; part++)
        {
            var count = (int)Math.Min(destination.Length, starts[part + 1] - start);
            Parts[part].CopyTo(start - starts[part], destination[..count]);
            start += count;
            destination = destination[count..];
        }
    }

    /// <summary>A view of some of the ids that keeps the borders between the parts.</summary>
    /// <param name="start">The place of the first id.</param>
    /// <param name="count">How many ids it has.</param>
    /// <exception cref="ArgumentOutOfRangeException">They do not lie within the chain.</exception>
    public TokenChain Slice(long start, long count)
    {
        TokenRange.Require(this, start, count);
        var parts = new List<ITokenSource>();
        for (var part = 0; part < Parts.Count; part++)
        {
            var first = Math.Max(start, starts[part]);
            var end = Math.Min(start + count, starts[part + 1]);
            if (first < end)
                parts.Add(new TokenRange(Parts[part], first - starts[part], end - first));
        }

        return new TokenChain(parts);
    }

    /// <summary>Closes the parts that are files.</summary>
    public void Dispose()
    {
        foreach (var part in Parts)
            (part as IDisposable)?.Dispose();
    }

    /// <summary>The last part that begins at a place or before it; parts without ids are passed over by the caller's loop.</summary>
    private int PartAt(long place)
    {
        var found = Array.BinarySearch(starts, place);
        return found >= 0 ? found : ~found - 1;
    }
}
