using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PsGpt.Kernels.Narrow;
using PsGpt.Tensors;

namespace PsGpt.Formats.Weights;

/// <summary>Converts weights between float32 and the little-endian bytes that files store.</summary>
internal static class WeightConversion
{
    /// <summary>Bytes of one stored value, of a type that stores each by itself.</summary>
    public static int SizeOf(WeightDataType type) => type switch
    {
        WeightDataType.Float64 => 8,
        WeightDataType.Float32 => 4,
        WeightDataType.Float16 or WeightDataType.BFloat16 => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Bytes of stored values; of <see cref="WeightDataType.Q8_0"/> there are whole blocks.</summary>
    public static long LengthOf(WeightDataType type, long valueCount) =>
        type == WeightDataType.Q8_0 ? valueCount / QuantizedBlock.ValueCount * QuantizedBlock.ByteCount : valueCount * SizeOf(type);

    /// <summary>Stored values to float32; those of 64 bits are rounded.</summary>
    /// <param name="source">As many bytes as <paramref name="target"/> needs. They may be changed.</param>
    /// <param name="type">How they are stored.</param>
    /// <param name="target">Where the values go.</param>
    public static void Read(Span<byte> source, WeightDataType type, Span<float> target)
    {
        MakeNative(source, type);
        switch (type)
        {
            case WeightDataType.Q8_0:
                QuantizedBlock.Widen(source, target);
                break;
            case WeightDataType.Float32:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(target);
                break;
            case WeightDataType.Float16:
                NarrowFloats<HalfPrecision>.Widen(MemoryMarshal.Cast<byte, ushort>(source), target);
                break;
            case WeightDataType.BFloat16:
                NarrowFloats<BrainFloat>.Widen(MemoryMarshal.Cast<byte, ushort>(source), target);
                break;
            default:
                var doubles = MemoryMarshal.Cast<byte, double>(source);
                for (var i = 0; i < target.Length; i++)
                    target[i] = (float)doubles[i];
                break;
        }
    }

    /// <summary>float32 to stored values, rounded to nearest, ties to even (to <see cref="WeightDataType.Q8_0"/> away from 0).</summary>
    /// <param name="source">The values.</param>
    /// <param name="type">How to store them; not <see cref="WeightDataType.Float64"/>, which is read only.</param>
    /// <param name="target">As many bytes as they need.</param>
    public static void Write(ReadOnlySpan<float> source, WeightDataType type, Span<byte> target)
    {
        switch (type)
        {
            case WeightDataType.Float32:
                source.CopyTo(MemoryMarshal.Cast<byte, float>(target));
                break;
            case WeightDataType.Float16:
                NarrowFloats<HalfPrecision>.Narrow(source, MemoryMarshal.Cast<byte, ushort>(target));
                break;
            case WeightDataType.BFloat16:
                NarrowFloats<BrainFloat>.Narrow(source, MemoryMarshal.Cast<byte, ushort>(target));
                break;
            case WeightDataType.Q8_0:
                QuantizedBlock.Narrow(source, target);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type));
        }

        MakeNative(target, type);
    }

    /// <summary>Turns little-endian values into the machine's own order, or those into little-endian ones.</summary>
    private static void MakeNative(Span<byte> values, WeightDataType type)
    {
        // A block is read and written byte by byte, whatever the machine's order.
        if (BitConverter.IsLittleEndian || type == WeightDataType.Q8_0)
            return;
        switch (SizeOf(type))
        {
            case 2:
                var halves = MemoryMarshal.Cast<byte, ushort>(values);
                BinaryPrimitives.ReverseEndianness(halves, halves);
                break;
            case 4:
                var singles = MemoryMarshal.Cast<byte, uint>(values);
                BinaryPrimitives.ReverseEndianness(singles, singles);
                break;
            default:
                var doubles = MemoryMarshal.Cast<byte, ulong>(values);
                BinaryPrimitives.ReverseEndianness(doubles, doubles);
                break;
        }
    }
}
