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
            sum0 = TSimd.MultiplyAdd(TSimd.Load(left + i), TSimd.Load(right + i), sum0);
            sum1 = TSimd.MultiplyAdd(TSimd.Load(left + i + TSimd.Width), TSimd.Load(right + i + TSimd.Width), sum1);
            sum2 = TSimd.MultiplyAdd(TSimd.Load(left + i + (2 * TSimd.Width)), TSimd.Load(right + i + (2 * TSimd.Width)), sum2);
            sum3 = TSimd.MultiplyAdd(TSimd.Load(left + i + (3 * TSimd.Width)), TSimd.Load(right + i + (3 * TSimd.Width)), sum3);
        }

        for (; i < length; i += TSimd.Width)
        {
            var count = Math.Min(TSimd.Width, length - i);
            sum0 = TSimd.MultiplyAdd(Masked<TSimd, TVector>.Load(left + i, count), Masked<TSimd, TVector>.Load(right + i, count), sum0);
        }

        return TSimd.Sum(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3)));
    }
}
