using System.Buffers;
using System.Runtime.InteropServices;

namespace PsGpt.Formats;

/// <summary>Moves weights between a stream and memory in parts, so that a file needs no memory beside the model's own.</summary>
internal static class WeightStream
{
    /// <summary>Values that are moved at once: with their bytes they stay in the second-level cache.</summary>
    public const int PartLength = 1 << 17;

    /// <summary>Fills <paramref name="target"/> with the next values of a stream.</summary>
    /// <exception cref="EndOfStreamException">The stream is too short.</exception>
    public static void Read(Stream stream, WeightDataType type, Span<float> target, CancellationToken cancellationToken) =>
        ForEachPart(target, type, cancellationToken, (values, bytes) =>
        {
            if (type == WeightDataType.Float32 && BitConverter.IsLittleEndian)
            {
                stream.ReadExactly(MemoryMarshal.AsBytes(values));
                return;
            }

            stream.ReadExactly(bytes);
            WeightConversion.Read(bytes, type, values);
        });

    /// <summary>Writes values to a stream.</summary>
    public static void Write(Stream stream, WeightDataType type, Span<float> source, CancellationToken cancellationToken) =>
        ForEachPart(source, type, cancellationToken, (values, bytes) =>
        {
            WeightConversion.Write(values, type, bytes);
            stream.Write(bytes);
        });

    /// <summary>Calls <paramref name="action"/> for each part of some values, with room for the bytes that a file stores them in.</summary>
    private static void ForEachPart(Span<float> values, WeightDataType type, CancellationToken cancellationToken, PartAction action)
    {
        var size = WeightConversion.SizeOf(type);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(PartLength, values.Length) * size);
        try
        {
            while (!values.IsEmpty)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = Math.Min(PartLength, values.Length);
                action(values[..count], buffer.AsSpan(0, count * size));
                values = values[count..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private delegate void PartAction(Span<float> values, Span<byte> bytes);
}
