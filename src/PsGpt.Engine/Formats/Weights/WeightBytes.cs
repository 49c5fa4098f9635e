using System.Buffers;
using System.Runtime.InteropServices;
using PsGpt.Tensors;

namespace PsGpt.Formats.Weights;

/// <summary>Moves weights between a file and memory, with no more memory than for the bytes of one part.</summary>
internal static class WeightBytes
{
    /// <summary>Fills <paramref name="target"/> with stored values.</summary>
    /// <param name="offset">Where they begin in the file, in bytes.</param>
    /// <exception cref="EndOfStreamException">The file is too short.</exception>
    public static void Read(ByteSource source, long offset, WeightDataType type, Span<float> target)
    {
        if (type == WeightDataType.Float32 && BitConverter.IsLittleEndian)
        {
            source.Read(offset, MemoryMarshal.AsBytes(target));
            return;
        }

        var length = (int)WeightConversion.LengthOf(type, target.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            source.Read(offset, buffer.AsSpan(0, length));
            WeightConversion.Read(buffer.AsSpan(0, length), type, target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes values where a stream stands.</summary>
    public static void Write(Stream stream, WeightDataType type, ReadOnlySpan<float> source)
    {
        if (type == WeightDataType.Float32 && BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(source));
            return;
        }

        var length = (int)WeightConversion.LengthOf(type, source.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            WeightConversion.Write(source, type, buffer.AsSpan(0, length));
            stream.Write(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
