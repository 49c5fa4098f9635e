using System.Buffers.Binary;
using System.Text;

namespace PsGpt.Formats.Gguf;

/// <summary>
/// Reads the start of a GGUF file value by value. Whatever a length in the file claims, nothing beyond the end of the file is
/// looked for, and no more memory is taken than for the longest text.
/// </summary>
/// <param name="source">The file.</param>
/// <param name="position">Where to begin, in bytes.</param>
internal sealed class GgufCursor(ByteSource source, long position)
{
    /// <summary>The longest text that is read: the format's limit of a key; no token is nearly as long.</summary>
    public const int MostTextBytes = ushort.MaxValue;

    private readonly byte[] buffer = new byte[MostTextBytes + 1];
    private long bufferStart;
    private int bufferLength;

    /// <summary>Where the next value begins, in bytes from the start of the file.</summary>
    public long Position { get; private set; } = position;

    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    /// <summary>The bytes of a number of a given size.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (Position < bufferStart || Position + count > bufferStart + bufferLength)
            Fill(count);
        var start = (int)(Position - bufferStart);
        Position += count;
        return buffer.AsSpan(start, count);
    }

    /// <summary>A length of 8 bytes and as many bytes of UTF-8.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    /// <exception cref="FormatException">The text is longer than <see cref="MostTextBytes"/>.</exception>
    public string ReadText()
    {
        var length = ReadUInt64();
        RequireBytes(length);
        return length <= MostTextBytes
            ? Encoding.UTF8.GetString(Take((int)length))
            : throw new FormatException($"a text has {length} bytes, and {MostTextBytes} at most are read");
    }

    /// <summary>Passes over a length and as many bytes.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public void SkipText() => Skip(ReadUInt64());

    /// <summary>Passes over bytes.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public void Skip(UInt128 count)
    {
        RequireBytes(count);
        Position += (long)count;
    }

    private void RequireBytes(UInt128 count)
    {
        if (count > (UInt128)(source.Length - Position))
            throw new EndOfStreamException();
    }

    private void Fill(int count)
    {
        RequireBytes((UInt128)count);
        (bufferStart, bufferLength) = (Position, (int)Math.Min(buffer.Length, source.Length - Position));
        source.Read(bufferStart, buffer.AsSpan(0, bufferLength));
    }
}
