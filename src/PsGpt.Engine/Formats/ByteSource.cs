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

    /// <summary>Whether two files have the same bytes at two places.</summary>
    /// <exception cref="EndOfStreamException">One of them ends before.</exception>
    public static bool HaveSameBytes(ByteSource left, long leftOffset, ByteSource right, long rightOffset, long length)
    {
        var (leftPart, rightPart) = (new byte[1 << 16], new byte[1 << 16]);
        for (long done = 0; done < length; done += leftPart.Length)
        {
            var count = (int)Math.Min(leftPart.Length, length - done);
            left.Read(leftOffset + done, leftPart.AsSpan(0, count));
            right.Read(rightOffset + done, rightPart.AsSpan(0, count));
            if (!leftPart.AsSpan(0, count).SequenceEqual(rightPart.AsSpan(0, count)))
                return false;
        }

        return true;
    }

    public abstract void Dispose();
}
