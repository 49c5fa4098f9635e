using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PsGpt.Formats;

/// <summary>Converts weights between float32 and what files store; little-endian. Rounds to nearest, ties to even.</summary>
internal static class WeightConversion
{
    /// <summary>Bytes of one stored value.</summary>
    public static int SizeOf(WeightDataType type) => type switch
    {
        WeightDataType.Float64 => 8,
        WeightDataType.Float32 => 4,
        _ => 2,
    };

    /// <summary>Stored values to float32.</summary>
    public static void Read(ReadOnlySpan<byte> source, WeightDataType type, Span<float> target)
    {
        switch (type)
        {
            case WeightDataType.Float32 when BitConverter.IsLittleEndian:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(target);
                break;
            case WeightDataType.BFloat16 when BitConverter.IsLittleEndian:
                WidenBFloat16(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<float, uint>(target));
                break;
            case WeightDataType.Float16 when BitConverter.IsLittleEndian:
                WidenHalf(MemoryMarshal.Cast<byte, Half>(source), target);
                break;
            default:
                for (var i = 0; i < target.Length; i++)
                    target[i] = ReadOne(source[(i * SizeOf(type))..], type);
                break;
        }
    }

    /// <summary>float32 to stored values.</summary>
    public static void Write(ReadOnlySpan<float> source, WeightDataType type, Span<byte> target)
    {
        for (var i = 0; i < source.Length; i++)
        {
            var slot = target[(i * SizeOf(type))..];
            switch (type)
            {
                case WeightDataType.Float32:
                    BinaryPrimitives.WriteSingleLittleEndian(slot, source[i]);
                    break;
                case WeightDataType.Float16:
                    BinaryPrimitives.WriteHalfLittleEndian(slot, (Half)source[i]);
                    break;
                case WeightDataType.BFloat16:
                    BinaryPrimitives.WriteUInt16LittleEndian(slot, ToBFloat16(source[i]));
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(type));
            }
        }
    }

    /// <summary>The upper half of the float's bits, rounded; NaN stays NaN, which rounding could turn into infinity.</summary>
    public static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    // Plain loops over spans of equal length, which the compiler vectorises.
    private static void WidenBFloat16(ReadOnlySpan<ushort> source, Span<uint> target)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] = (uint)source[i] << 16;
    }

    private static void WidenHalf(ReadOnlySpan<Half> source, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] = (float)source[i];
    }

    private static float ReadOne(ReadOnlySpan<byte> source, WeightDataType type) => type switch
    {
        WeightDataType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(source),
        WeightDataType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(source),
        WeightDataType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(source),
        _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(source) << 16),
    };
}
