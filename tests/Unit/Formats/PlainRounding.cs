namespace PsGpt.Unit.Formats;

/// <summary>What weights become in files, one value after the other as the definitions read.</summary>
internal static class PlainRounding
{
    /// <summary>Of the two neighbours the nearer one, and of two equally near the even one.</summary>
    public static float ToBrainFloat(float value)
    {
        var below = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000);
        var above = BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000) + 0x10000);
        var (down, up) = (Math.Abs((double)value - below), Math.Abs((double)above - value));
        return down < up || (down == up && (BitConverter.SingleToUInt32Bits(below) & 0x10000) == 0) ? below : above;
    }

    /// <summary>ggml's Q8_0 (<c>quantize_row_q8_0_ref</c>): d = max|x| / 127 as a half, then roundf(x · (1 / d)) of each value.</summary>
    public static byte[] ToBlocks(float[] values)
    {
        var bytes = new List<byte>();
        foreach (var block in values.Chunk(32))
        {
            var scale = block.Max(MathF.Abs) / 127;
            var inverse = scale == 0 ? 0 : 1 / scale;
            bytes.AddRange(BitConverter.GetBytes((Half)scale));
            bytes.AddRange(block.Select(value => (byte)(sbyte)MathF.Round(value * inverse, MidpointRounding.AwayFromZero)));
        }

        return [.. bytes];
    }

    /// <summary>The values that blocks stand for: each byte times the scale.</summary>
    public static float[] FromBlocks(byte[] bytes) =>
        [.. bytes.Chunk(34).SelectMany(block => block[2..].Select(value => (float)BitConverter.ToHalf(block) * (sbyte)value))];
}
