using System.Numerics;
using System.Runtime.InteropServices;

namespace PsGpt.Communication;

/// <summary>Sums of several ranks' values, always in the order of the ranks, and the bfloat16 in which they may travel.</summary>
internal static class RankSum
{
    /// <summary>sum += addend, value by value.</summary>
    public static void Add(Span<float> sum, ReadOnlySpan<float> addend)
    {
        var sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        var addends = MemoryMarshal.Cast<float, Vector<float>>(addend);
        for (var i = 0; i < sums.Length; i++)
            sums[i] += addends[i];
        for (var i = sums.Length * Vector<float>.Count; i < sum.Length; i++)
            sum[i] += addend[i];
    }

    /// <summary>sum += addend, value by value.</summary>
    public static void Add(Span<float> sum, ReadOnlySpan<ushort> addend)
    {
        for (var i = 0; i < sum.Length; i++)
            sum[i] += ToSingle(addend[i]);
    }

    /// <summary>Rounds to the nearest bfloat16, ties to even.</summary>
    public static void Convert(ReadOnlySpan<float> values, Span<ushort> output)
    {
        for (var i = 0; i < values.Length; i++)
            output[i] = ToBFloat16(values[i]);
    }

    /// <summary>Replaces each value by the nearest one that bfloat16 holds.</summary>
    public static void Round(Span<float> values)
    {
        foreach (ref var value in values)
            value = ToSingle(ToBFloat16(value));
    }

    private static float ToSingle(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    private static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);

        // The carry of the rounding would turn a NaN into an infinity.
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
