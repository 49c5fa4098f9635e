using PsGpt.Tokenization;

namespace PsGpt.Data;

/// <summary>Several sources as one, one after the other, such as the shards of a large text.</summary>
public sealed class ConcatenatedTokens : ITokenSource, IDisposable
{
    // Where each part begins, and after the last the number of all ids.
    private readonly long[] starts;
    private readonly SharedTokenizer tokenizer = new();

    /// <summary>Joins sources.</summary>
    /// <param name="parts">The sources, in order. They belong to this source, which closes them.</param>
    /// <exception cref="GptException"><c>TokenizerMismatch</c>: the sources were made by different tokenizers.</exception>
    public ConcatenatedTokens(IReadOnlyList<ITokenSource> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach (var part in parts)
            tokenizer.Require(part);
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
    public string? TokenizerName => tokenizer.Name;

    /// <inheritdoc/>
    public Tokenizer? GetTokenizer() => tokenizer.Tokenizer;

    /// <inheritdoc/>
    public void CopyTo(long start, Span<int> destination)
    {
        TokenSlice.Require(this, start, destination.Length);
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
    /// <param name="count">The number of its ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">They do not lie within the source.</exception>
    public ConcatenatedTokens Slice(long start, long count)
    {
        TokenSlice.Require(this, start, count);
        var parts = new List<ITokenSource>();
        for (var part = 0; part < Parts.Count; part++)
        {
            var first = Math.Max(start, starts[part]);
            var end = Math.Min(start + count, starts[part + 1]);
            if (first < end)
                parts.Add(new TokenSlice(Parts[part], first - starts[part], end - first));
        }

        return new ConcatenatedTokens(parts);
    }

    /// <summary>Closes the parts that are files.</summary>
    public void Dispose()
    {
        foreach (var part in Parts)
            (part as IDisposable)?.Dispose();
    }

    /// <summary>The last part that begins at a place or before it; the caller's loop passes over parts without ids.</summary>
    private int PartAt(long place)
    {
        var found = Array.BinarySearch(starts, place);
        return found >= 0 ? found : ~found - 1;
    }
}
