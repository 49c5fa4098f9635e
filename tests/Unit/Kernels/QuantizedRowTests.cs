using PsGpt.Kernels.Narrow;

namespace PsGpt.Unit.Kernels;

public sealed class QuantizedRowTests
{
    [Fact]
    public void An_input_is_rounded_to_nearest_and_ties_away_from_0()
    {
        // The scale is 1, so the values are the whole numbers that they are rounded to.
        float[] source =
        [
            short.MaxValue, -short.MaxValue, -2.5f, -1.5f, -0.5f, 0.5f, 1.5f, 2.5f, 0.49999997f, -0.49999997f, 0.50000006f, 12345.5f,
            -12345.5f, 32766.5f, 7, -0f, 3.4999998f,
        ];
        var target = new short[32];
        Assert.Equal(1, QuantizedRow.NarrowInput(source, target));
        short[] expected = [32767, -32767, -3, -2, -1, 1, 2, 3, 0, 0, 1, 12346, -12346, 32767, 7, 0, 3];
        Assert.Equal([.. expected, .. new short[15]], target);
    }
}
