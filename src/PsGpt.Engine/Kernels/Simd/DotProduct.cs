using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Simd;

/// <summary>The dot product of two rows.</summary>
internal static unsafe class DotProduct<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The dot product of two rows of float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float* left, float* right, int length) => Of(left, new FloatRow<TSimd, TVector>(right), length);

    /// <summary>The dot product, in four accumulators so that the latency of one addition is hidden behind three others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Of<TRow>(float* left, TRow right, int length)
        where TRow : struct, IRow<TVector>
    {
        TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
        var i = 0;
        for (; i + (4 * TSimd.Width) <= length; i += 4 * TSimd.Width)
        {
            sum0 = TSimd.MultiplyAdd(TSimd.Load(left + i), right.Load(i), sum0);
            sum1 = TSimd.MultiplyAdd(TSimd.Load(left + i + TSimd.Width), right.Load(i + TSimd.Width), sum1);
            sum2 = TSimd.MultiplyAdd(TSimd.Load(left + i + (2 * TSimd.Width)), right.Load(i + (2 * TSimd.Width)), sum2);
            sum3 = TSimd.MultiplyAdd(TSimd.Load(left + i + (3 * TSimd.Width)), right.Load(i + (3 * TSimd.Width)), sum3);
        }

        for (; i < length; i += TSimd.Width)
        {
            var count = Math.Min(TSimd.Width, length - i);
            sum0 = TSimd.MultiplyAdd(Masked<TSimd, TVector>.Load(left + i, count), right.Load(i, count), sum0);
        }

        return TSimd.Sum(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3)));
    }

    /// <summary>Two dot products with the same right side, each with the sum that it has alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float First, float Second) OfPair<TRow>(float* first, float* second, TRow right, int length)
        where TRow : struct, IRow<TVector>
    {
        TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
        TVector other0 = TSimd.Zero, other1 = TSimd.Zero, other2 = TSimd.Zero, other3 = TSimd.Zero;
        var i = 0;
        for (; i + (4 * TSimd.Width) <= length; i += 4 * TSimd.Width)
        {
            var right0 = right.Load(i);
            sum0 = TSimd.MultiplyAdd(TSimd.Load(first + i), right0, sum0);
            other0 = TSimd.MultiplyAdd(TSimd.Load(second + i), right0, other0);
            var right1 = right.Load(i + TSimd.Width);
            sum1 = TSimd.MultiplyAdd(TSimd.Load(first + i + TSimd.Width), right1, sum1);
            other1 = TSimd.MultiplyAdd(TSimd.Load(second + i + TSimd.Width), right1, other1);
            var right2 = right.Load(i + (2 * TSimd.Width));
            sum2 = TSimd.MultiplyAdd(TSimd.Load(first + i + (2 * TSimd.Width)), right2, sum2);
            other2 = TSimd.MultiplyAdd(TSimd.Load(second + i + (2 * TSimd.Width)), right2, other2);
            var right3 = right.Load(i + (3 * TSimd.Width));
            sum3 = TSimd.MultiplyAdd(TSimd.Load(first + i + (3 * TSimd.Width)), right3, sum3);
            other3 = TSimd.MultiplyAdd(TSimd.Load(second + i + (3 * TSimd.Width)), right3, other3);
        }

        for (; i < length; i += TSimd.Width)
        {
            var count = Math.Min(TSimd.Width, length - i);
            var rest = right.Load(i, count);
            sum0 = TSimd.MultiplyAdd(Masked<TSimd, TVector>.Load(first + i, count), rest, sum0);
            other0 = TSimd.MultiplyAdd(Masked<TSimd, TVector>.Load(second + i, count), rest, other0);
        }

        return (
            TSimd.Sum(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3))),
            TSimd.Sum(TSimd.Add(TSimd.Add(other0, other1), TSimd.Add(other2, other3))));
    }
}
