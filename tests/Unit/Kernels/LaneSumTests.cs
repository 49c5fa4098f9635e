using System.Runtime.Intrinsics;
using PsGpt.Kernels.Simd;

namespace PsGpt.Unit.Kernels;

public sealed unsafe class LaneSumTests
{
    [Fact]
    public void Four_sums_together_have_the_bits_of_each_alone()
    {
        if (Simd512.IsSupported)
            Check<Simd512, Vector512<float>>();
        if (Simd256.IsSupported)
            Check<Simd256, Vector256<float>>();
        Check<Simd128, Vector128<float>>();
    }

    /// <summary>Values of different magnitudes, so that another order of the additions has other bits.</summary>
    private static void Check<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var random = new RandomStream(1);
        for (var run = 0; run < 100; run++)
        {
            var values = new float[4 * TSimd.Width];
            foreach (ref var value in values.AsSpan())
                value = (float)(random.NextNormal() * Math.Exp(random.NextNormal()));
            fixed (float* first = values)
            {
                var (a, b) = (TSimd.Load(first), TSimd.Load(first + TSimd.Width));
                var (c, d) = (TSimd.Load(first + (2 * TSimd.Width)), TSimd.Load(first + (3 * TSimd.Width)));
                Assert.Equal(Vector128.Create(TSimd.Sum(a), TSimd.Sum(b), TSimd.Sum(c), TSimd.Sum(d)), TSimd.SumEach(a, b, c, d));
            }
        }
    }
}
