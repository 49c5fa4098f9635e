using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Simd;

/// <summary>The dot product of two rows.</summary>
internal static unsafe class DotProduct<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The dot product, in four accumulators so that the latency of one addition is hidden behind three others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Of(float* left, float* right, int length)
    {
        TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
        var i = 0;
        for (; i + (4 * TSimd.Width) <= length; i += 4 * TSimd.Width)
        {
            sum0 = MultiplyAdd(left, right, i, sum0);
            sum1 = MultiplyAdd(left, right, i + TSimd.Width, sum1);
            sum2 = MultiplyAdd(left, right, i + (2 * TSimd.Width), sum2);
            sum3 = MultiplyAdd(left, right, i + (3 * TSimd.Width), sum3);
        }

        for (; i < length; i += TSimd.Width)
            sum0 = TSimd.MultiplyAdd(TSimd.Load(left + i, length - i), TSimd.Load(right + i, length - i), sum0);
        return TSimd.Sum(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector MultiplyAdd(float* left, float* right, int i, TVector sum) =>
        TSimd.MultiplyAdd(TSimd.Load(left + i), TSimd.Load(right + i), sum);
}
