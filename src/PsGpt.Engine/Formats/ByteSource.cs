namespace PsGpt.Formats;

/// <summary>The bytes of an open file. They can be read from any place, and by several threads at once.</summary>
/// <param name="length">How many there are.</param>
internal abstract class ByteSource(long length) : IDisposable
{
    /// <summary>How many bytes there are.</summary>
    public long Length { get; } = length;

    /// <summary>Fills <paramref name="target"/> with the bytes from <paramref name="offset"/> on.</summary>
    /// <exception cref="EndOfStreamException">There are not so many.</exception>
    public abstract void Read(long offset, Span<byte> target);

    public abstract void Dispose();
}
