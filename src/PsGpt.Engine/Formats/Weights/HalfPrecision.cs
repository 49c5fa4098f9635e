using System.Numerics;

namespace PsGpt.Formats;

/// <summary>
/// float32 to IEEE 754 half precision and back, a vector at a time: .NET converts one value at a time, in software.
/// Rounds to nearest, ties to even; infinities and NaN stay what they are, and so do values below the smallest normal half.
/// </summary>
internal static class HalfPrecision
{
    private const uint InfiniteSingle = 0x7F80_0000;

    /// <summary>Widens every value exactly.</summary>
    /// <param name="source">The bits of halves.</param>
    /// <param name="target">As many floats.</param>
    public static void Widen(ReadOnlySpan<ushort> source, Span<float> target)
    {
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out var lower, out var upper);
            Widen(lower).CopyTo(target[i..]);
            Widen(upper).CopyTo(target[(i + Vector<uint>.Count)..]);
        }

        for (; i < source.Length; i++)
            target[i] = (float)BitConverter.UInt16BitsToHalf(source[i]);
    }

    /// <summary>Rounds every value to the nearest half; those from 65520 on become infinite.</summary>
    /// <param name="source">Floats.</param>
    /// <param name="target">As many halves, as bits.</param>
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
            target[i] = BitConverter.HalfToUInt16Bits((Half)source[i]);
    }

    private static Vector<float> Widen(Vector<uint> half)
    {
        var sign = (half & new Vector<uint>(0x8000)) << 16;
        var magnitude = (half & new Vector<uint>(0x7FFF)) << 13;

        // Read as a float, the shifted bits are 2^112 too small: the exponents count from 15 and from 127. A product with a power
        // of two is exact, also where the half is subnormal.
        var finite = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) * new Vector<float>(5.192296858534828e33f));
        var isFinite = Vector.LessThan(magnitude, new Vector<uint>(31 << 23));
        return Vector.AsVectorSingle(sign | Vector.ConditionalSelect(isFinite, finite, magnitude | new Vector<uint>(InfiniteSingle)));
    }

    private static Vector<uint> Narrow(Vector<float> value)
    {
        var bits = Vector.AsVectorUInt32(value);
        var sign = (bits >> 16) & new Vector<uint>(0x8000);
        var magnitude = bits & new Vector<uint>(0x7FFF_FFFF);

        // Half of the last place kept is added, less one where that place is even; the carry may run into the exponent.
        var normal = (magnitude - new Vector<uint>(112 << 23) + new Vector<uint>(0xFFF) + ((magnitude >> 13) & Vector<uint>.One)) >> 13;

        // Beside 0.5 the last place of a float is that of a subnormal half: the sum rounds as the half must.
        var subnormal = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) + new Vector<float>(0.5f)) - new Vector<uint>(126 << 23);
        var finite = Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<uint>(113 << 23)), subnormal, normal);

        var notANumber = ((magnitude >> 13) & new Vector<uint>(0x3FF)) | new Vector<uint>(0x7E00);
        var special = Vector.ConditionalSelect(Vector.GreaterThan(magnitude, new Vector<uint>(InfiniteSingle)), notANumber, new Vector<uint>(0x7C00));
        return sign | Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<uint>(143 << 23)), finite, special);
    }
}
