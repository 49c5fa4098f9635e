using System.Numerics;
using System.Runtime.CompilerServices;
using PsGpt.Kernels.Narrow;

namespace PsGpt.Formats.Weights;

/// <summary>
/// IEEE 754 half precision: .NET converts one value at a time, in software. Infinities and NaN stay what they are, and so do values below
/// the smallest normal half; those from 65520 on become infinite.
/// </summary>
internal readonly struct HalfPrecision : INarrowFloat
{
    private const uint InfiniteSingle = 0x7F80_0000;

    public static float Widen(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);

    public static ushort Narrow(float value) => BitConverter.HalfToUInt16Bits((Half)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Widen(Vector<uint> bits)
    {
        var sign = (bits & new Vector<uint>(0x8000)) << 16;
        var magnitude = (bits & new Vector<uint>(0x7FFF)) << 13;

        // Read as a float, the shifted bits are 2^112 too small: the exponents count from 15 and from 127. A product with a power
        // of two is exact, also where the half is subnormal.
        var finite = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) * new Vector<float>(5.192296858534828e33f));
        var isFinite = Vector.LessThan(magnitude, new Vector<uint>(31 << 23));
        return Vector.AsVectorSingle(sign | Vector.ConditionalSelect(isFinite, finite, magnitude | new Vector<uint>(InfiniteSingle)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Narrow(Vector<float> value)
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
        var special = Vector.ConditionalSelect(
            Vector.GreaterThan(magnitude, new Vector<uint>(InfiniteSingle)), notANumber, new Vector<uint>(0x7C00));
        return sign | Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<uint>(143 << 23)), finite, special);
    }
}
