using System.Runtime.InteropServices;
using PsGpt.Formats.Weights;
using PsGpt.Tensors;

namespace PsGpt.Unit.Formats;

public sealed class WeightConversionTests
{
    private static readonly ushort[] All16Bits = [.. Enumerable.Range(0, 65536).Select(value => (ushort)value)];

    // A length that is no multiple of any vector's, so that the last values go through the loop behind the vectors.
    private static readonly float[] AroundHalves = [.. NeighboursOf(bits => (float)BitConverter.UInt16BitsToHalf(bits)).SkipLast(5)];
    private static readonly float[] AroundBrainFloats =
        [.. NeighboursOf(bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)).SkipLast(5)];

    [Fact]
    public void All_halves_widen_exactly()
    {
        var actual = Read(All16Bits, WeightDataType.Float16);
        for (var value = 0; value < 65536; value++)
            AssertSame((float)BitConverter.UInt16BitsToHalf((ushort)value), actual[value]);
    }

    [Fact]
    public void All_bfloat16_values_are_the_upper_half_of_a_float()
    {
        var actual = Read(All16Bits, WeightDataType.BFloat16);
        for (var value = 0; value < 65536; value++)
            Assert.Equal((uint)value << 16, BitConverter.SingleToUInt32Bits(actual[value]));
    }

    [Fact]
    public void Halves_round_as_the_runtime_rounds_them()
    {
        var actual = Write(AroundHalves, WeightDataType.Float16);
        for (var i = 0; i < AroundHalves.Length; i++)
        {
            var expected = (Half)AroundHalves[i];
            if (Half.IsNaN(expected))
                Assert.True(Half.IsNaN(BitConverter.UInt16BitsToHalf(actual[i])));
            else
                Assert.Equal(BitConverter.HalfToUInt16Bits(expected), actual[i]);
        }
    }

    [Fact]
    public void BFloat16_rounds_to_the_nearer_neighbour_and_to_the_even_one_of_two()
    {
        var actual = Write(AroundBrainFloats, WeightDataType.BFloat16);
        for (var i = 0; i < AroundBrainFloats.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(AroundBrainFloats[i]);
            if (float.IsNaN(AroundBrainFloats[i]))
            {
                Assert.True((actual[i] & 0x7FFF) > 0x7F80);
                continue;
            }

            // How far the value is above the lower neighbour, in 65536ths of the way to the upper one.
            var (lower, above) = (bits >> 16, bits & 0xFFFF);
            var roundsUp = above > 0x8000 || (above == 0x8000 && (lower & 1) == 1);
            Assert.Equal(lower + (roundsUp ? 1u : 0u), actual[i]);
        }
    }

    [Fact]
    public void The_end_of_a_span_is_converted_as_its_middle_is()
    {
        foreach (var type in new[] { WeightDataType.Float16, WeightDataType.BFloat16 })
        {
            var whole = Write(AroundHalves.AsSpan(0, 200), type);
            for (var length = 0; length < 130; length++)
            {
                Assert.Equal(whole[..length], Write(AroundHalves.AsSpan(0, length), type));
                Assert.Equal(Read(whole, type)[..length], Read(whole[..length], type));
            }
        }
    }

    [Fact]
    public void Doubles_are_rounded()
    {
        var target = new float[2];
        WeightConversion.Read([.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(1e300)], WeightDataType.Float64, target);
        Assert.Equal([0.1f, float.PositiveInfinity], target);
    }

    private static float[] Read(ushort[] values, WeightDataType type)
    {
        var target = new float[values.Length];
        WeightConversion.Read(MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), type, target);
        return target;
    }

    private static ushort[] Write(ReadOnlySpan<float> values, WeightDataType type)
    {
        var target = new ushort[values.Length];
        WeightConversion.Write(values, type, MemoryMarshal.AsBytes(target.AsSpan()));
        return target;
    }

    private static void AssertSame(float expected, float actual)
    {
        if (float.IsNaN(expected))
            Assert.True(float.IsNaN(actual));
        else
            Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(actual));
    }

    /// <summary>Every value of 16 bits, the middle between it and the next one, and the floats on both sides of each.</summary>
    private static IEnumerable<float> NeighboursOf(Func<ushort, float> widen)
    {
        for (var value = 0; value < 65535; value++)
        {
            var bits = BitConverter.SingleToUInt32Bits(widen((ushort)value));
            var middle = bits + (uint)((int)(BitConverter.SingleToUInt32Bits(widen((ushort)(value + 1))) - bits) / 2);
            foreach (var center in new[] { bits, middle })
            {
                yield return BitConverter.UInt32BitsToSingle(center - 1);
                yield return BitConverter.UInt32BitsToSingle(center);
                yield return BitConverter.UInt32BitsToSingle(center + 1);
            }
        }
    }
}
