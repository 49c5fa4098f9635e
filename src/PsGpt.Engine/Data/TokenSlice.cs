using PsGpt.Tokenization;

namespace PsGpt.Data;

/// <summary>A part of another source.</summary>
internal sealed class TokenSlice : ITokenSource
{
    private readonly ITokenSource source;
    private readonly long start;

    /// <summary>Makes a view of a part.</summary>
    /// <param name="source">The whole.</param>
    /// <param name="start">The place where the part begins.</param>
    /// <param name="count">The number of its ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie within the whole.</exception>
    public TokenSlice(ITokenSource source, long start, long count)
    {
        ArgumentNullException.ThrowIfNull(source);
        Require(source, start, count);
        (this.source, this.start, Count) = (source, start, count);
    }

    /// <inheritdoc/>
    public long Count { get; }

    /// <inheritdoc/>
    public string? TokenizerName => source.TokenizerName;

    /// <inheritdoc/>
    public Tokenizer? GetTokenizer() => source.GetTokenizer();

    /// <inheritdoc/>
    public void CopyTo(long start, Span<int> destination)
    {
        Require(this, start, destination.Length);
        source.CopyTo(this.start + start, destination);
    }

    /// <summary>Refuses a range that does not lie within a source.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    internal static void Require(ITokenSource source, long start, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, source.Count - start);
    }
}
