using PsGpt.Formats.Weights;
using PsGpt.Tensors;

namespace PsGpt.Unit.Formats;

public sealed class QuantizedBlockTests
{
    [Fact]
    public void All_scales_times_all_bytes_are_what_one_multiplication_gives()
    {
        // Each scale has 32 of the 256 bytes, the next scale the next 32.
        var blocks = new byte[65536 * 34];
        for (var scale = 0; scale < 65536; scale++)
        {
            BitConverter.TryWriteBytes(blocks.AsSpan(34 * scale), (ushort)scale);
            for (var i = 0; i < 32; i++)
                blocks[(34 * scale) + 2 + i] = (byte)((32 * scale) + i);
        }

        var actual = Widen(blocks);
        for (var i = 0; i < actual.Length; i++)
        {
            var scale = (float)BitConverter.UInt16BitsToHalf((ushort)(i / 32));
            var expected = scale * (sbyte)(byte)i;
            if (float.IsNaN(expected))
                Assert.True(float.IsNaN(actual[i]), $"{i}");
            else if (expected != actual[i])
                Assert.Fail($"{scale} x {(sbyte)(byte)i} is {expected}, not {actual[i]}");
        }
    }

    [Fact]
    public void Every_byte_meets_every_kind_of_scale()
    {
        foreach (var bits in new ushort[] { 0x0000, 0x8000, 0x0001, 0x03FF, 0x0400, 0x2E66, 0x3C00, 0xC000, 0x7BFF, 0x7C00, 0xFC00,
            0x7E01 })
        {
            var blocks = Enumerable.Range(0, 8)
                .SelectMany(part => BitConverter.GetBytes(bits).Concat(Enumerable.Range(32 * part, 32).Select(value => (byte)value)))
                .ToArray();
            Assert.Equal(PlainRounding.FromBlocks(blocks), Widen(blocks));
        }
    }

    [Fact]
    public void Blocks_are_ggml_s()
    {
        foreach (var values in Samples())
            Assert.Equal(PlainRounding.ToBlocks(values), Narrow(values));
    }

    [Fact]
    public void Ties_go_away_from_zero_and_no_neighbour_of_a_tie_does()
    {
        // With 127 as the largest magnitude the scale is 1: the values are rounded as they are.
        float[] values =
            [127, -127, 0.5f, -0.5f, 1.5f, -1.5f, 2.5f, -2.5f, 126.5f, -126.5f, 0.49999997f, -0.49999997f, 1.4999999f, -1.4999999f,
            0.50000006f, 0f, .. new float[16]];
        var bytes = Narrow(values);
        Assert.Equal([127, -127, 1, -1, 2, -2, 3, -3, 127, -127, 0, 0, 1, -1, 1, 0], bytes.Skip(2).Take(16)
            .Select(value => (int)(sbyte)value));
        Assert.Equal((Half)1, BitConverter.ToHalf(bytes));
    }

    [Fact]
    public void A_value_errs_by_half_a_scale_and_what_the_scale_s_own_rounding_adds()
    {
        foreach (var values in Samples().Where(values => values.Max(MathF.Abs) is > 0.01f and < 1000))
        {
            var back = Widen(Narrow(values));
            foreach (var (block, restored) in values.Chunk(32).Zip(back.Chunk(32)))
            {
                var scale = block.Max(MathF.Abs) / 127.0;
                Assert.All(block.Zip(restored),
                    pair => Assert.True(Math.Abs(pair.First - pair.Second) <= (0.5 * scale * 1.0001) + (127 * scale / 2048)));
            }
        }
    }

    [Fact]
    public void What_is_no_number_does_not_become_one()
    {
        foreach (var broken in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e10f })
        {
            for (var place = 0; place < 32; place++)
            {
                var values = Enumerable.Range(1, 64).Select(value => (float)value).ToArray();
                values[place] = broken;
                var back = Widen(Narrow(values));
                Assert.False(float.IsFinite(back[place]));
                Assert.All(back.Skip(32), value => Assert.True(float.IsFinite(value)));
            }
        }
    }

    /// <summary>Blocks of every size of value: normal ones, zeros, subnormal scales, scales whose inverse is infinite.</summary>
    private static IEnumerable<float[]> Samples()
    {
        var random = new RandomStream(5);
        for (var exponent = -36; exponent <= 6; exponent++)
        {
            for (var i = 0; i < 40; i++)
                yield return [.. Enumerable.Range(0, 64).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, exponent)))];
        }

        yield return new float[32];
        yield return [.. Enumerable.Range(0, 32).Select(value => value - 16f)];
        yield return [.. Enumerable.Range(0, 32).Select(value => value == 31 ? -2f : 0f)];
    }

    private static float[] Widen(byte[] blocks)
    {
        var values = new float[blocks.Length / 34 * 32];
        WeightConversion.Read([.. blocks], WeightDataType.Q8_0, values);
        return values;
    }

    private static byte[] Narrow(float[] values)
    {
        var blocks = new byte[WeightConversion.LengthOf(WeightDataType.Q8_0, values.Length)];
        WeightConversion.Write(values, WeightDataType.Q8_0, blocks);
        return blocks;
    }
}
