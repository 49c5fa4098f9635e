namespace PsGpt.Data;

/// <summary>A long list of token ids that can be read at any place, and that need not be in memory.</summary>
public interface ITokenSource
{
    /// <summary>The number of ids.</summary>
    long Count { get; }

    /// <summary>Copies ids. Safe to call from several threads.</summary>
    /// <param name="start">The place of the first, 0 … <see cref="Count"/>.</param>
    /// <param name="destination">Takes as many ids as it is long; all of them lie within the source.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ids do not lie within the source.</exception>
    void CopyTo(long start, Span<int> destination);
}
