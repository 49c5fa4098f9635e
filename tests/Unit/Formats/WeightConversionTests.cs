using PsGpt.Formats;

namespace PsGpt.Unit.Formats;

public sealed class WeightConversionTests
{
    [Fact]
    public void All_16_bit_values_widen_exactly_and_come_back()
    {
        var bytes = new byte[2 * 65536];
        for (var value = 0; value < 65536; value++)
            BitConverter.TryWriteBytes(bytes.AsSpan(2 * value), (ushort)value);
        var (halves, brains) = (new float[65536], new float[65536]);
        WeightConversion.Read(bytes, WeightDataType.Float16, halves);
        WeightConversion.Read(bytes, WeightDataType.BFloat16, brains);
        for (var value = 0; value < 65536; value++)
        {
            Assert.Equal((float)BitConverter.UInt16BitsToHalf((ushort)value), halves[value]);
            Assert.Equal(BitConverter.UInt32BitsToSingle((uint)value << 16), brains[value]);
            if (!float.IsNaN(brains[value]))
                Assert.Equal(value, WeightConversion.ToBFloat16(brains[value]));
            else
                Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle((uint)WeightConversion.ToBFloat16(brains[value]) << 16)));
        }
    }

    [Theory]
    [InlineData(0x3F808000u, 0x3F80)] // half way, even below
    [InlineData(0x3F818000u, 0x3F82)] // half way, even above
    [InlineData(0x3F808001u, 0x3F81)]
    [InlineData(0x7F7FFFFFu, 0x7F80)] // the largest float rounds to infinity
    [InlineData(0x7F800001u, 0x7FC0)] // a NaN whose upper half alone would be infinity
    [InlineData(0x80000001u, 0x8000)]
    public void BFloat16_rounds_to_nearest_even(uint bits, int expected) =>
        Assert.Equal((ushort)expected, WeightConversion.ToBFloat16(BitConverter.UInt32BitsToSingle(bits)));

    [Fact]
    public void Doubles_are_rounded()
    {
        var target = new float[2];
        WeightConversion.Read([.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(1e300)], WeightDataType.Float64, target);
        Assert.Equal([0.1f, float.PositiveInfinity], target);
    }
}
