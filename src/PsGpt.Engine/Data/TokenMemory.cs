namespace PsGpt.Data;

/// <summary>Token ids in memory.</summary>
/// <param name="ids">The ids. The source keeps the memory; do not change it.</param>
public sealed class TokenMemory(ReadOnlyMemory<int> ids) : ITokenSource
{
    /// <inheritdoc/>
    public long Count => ids.Length;

    /// <inheritdoc/>
    public void CopyTo(long start, Span<int> destination)
    {
        TokenRange.Require(this, start, destination.Length);
        ids.Span.Slice((int)start, destination.Length).CopyTo(destination);
    }
}
