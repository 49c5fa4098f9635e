using System.Numerics;

namespace PsGpt.Formats;

/// <summary>float32 to bfloat16, its upper half, and back, a vector at a time. Rounds to nearest, ties to even.</summary>
internal static class BrainFloat
{
    /// <summary>Widens every value exactly.</summary>
    /// <param name="source">The bits of bfloat16 values.</param>
    /// <param name="target">As many floats.</param>
    public static void Widen(ReadOnlySpan<ushort> source, Span<float> target)
    {
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out var lower, out var upper);
            Vector.AsVectorSingle(lower << 16).CopyTo(target[i..]);
            Vector.AsVectorSingle(upper << 16).CopyTo(target[(i + Vector<uint>.Count)..]);
        }

        for (; i < source.Length; i++)
            target[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }

    /// <summary>Rounds every value to the nearest bfloat16.</summary>
    /// <param name="source">Floats.</param>
    /// <param name="target">As many bfloat16 values, as bits.</param>
    public static void Narrow(ReadOnlySpan<float> source, Span<ushort> target)
    {
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            var lower = Narrow(new Vector<float>(source[i..]));
            var upper = Narrow(new Vector<float>(source[(i + Vector<uint>.Count)..]));
            Vector.Narrow(lower, upper).CopyTo(target[i..]);
        }

        for (; i < source.Length; i++)
            target[i] = Narrow(source[i]);
    }

    /// <summary>The upper half of the float's bits, rounded; NaN stays NaN, which rounding could turn into infinity.</summary>
    public static ushort Narrow(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)(float.IsNaN(value) ? (bits >> 16) | 0x40 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static Vector<uint> Narrow(Vector<float> value)
    {
        var bits = Vector.AsVectorUInt32(value);
        var rounded = (bits + new Vector<uint>(0x7FFF) + ((bits >> 16) & Vector<uint>.One)) >> 16;
        var isNumber = Vector.AsVectorUInt32(Vector.Equals(value, value));
        return Vector.ConditionalSelect(isNumber, rounded, (bits >> 16) | new Vector<uint>(0x40));
    }
}
