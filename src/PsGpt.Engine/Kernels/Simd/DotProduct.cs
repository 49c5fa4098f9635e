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
            sum0 = TSimd.MultiplyAdd(TSimd.Load(left + i, count), right.Load(i, count), sum0);
        }

        return Sum(sum0, sum1, sum2, sum3);
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
            sum0 = TSimd.MultiplyAdd(TSimd.Load(first + i, count), rest, sum0);
            other0 = TSimd.MultiplyAdd(TSimd.Load(second + i, count), rest, other0);
        }

        return (Sum(sum0, sum1, sum2, sum3), Sum(other0, other1, other2, other3));
    }

    /// <summary>
    /// Four dot products of two rows with two others, each with the sum that it has alone: half as many loads as one by one. The sixteen
    /// accumulators need a machine of 32 registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float FirstLeft, float FirstRight, float SecondLeft, float SecondRight) OfSquare<TRow>(
        float* first, float* second, TRow left, TRow right, int length)
        where TRow : struct, IRow<TVector>
    {
        TVector firstLeft0 = TSimd.Zero, firstLeft1 = TSimd.Zero, firstLeft2 = TSimd.Zero, firstLeft3 = TSimd.Zero;
        TVector firstRight0 = TSimd.Zero, firstRight1 = TSimd.Zero, firstRight2 = TSimd.Zero, firstRight3 = TSimd.Zero;
        TVector secondLeft0 = TSimd.Zero, secondLeft1 = TSimd.Zero, secondLeft2 = TSimd.Zero, secondLeft3 = TSimd.Zero;
        TVector secondRight0 = TSimd.Zero, secondRight1 = TSimd.Zero, secondRight2 = TSimd.Zero, secondRight3 = TSimd.Zero;
        TVector x, y, a, b;
        var i = 0;
        for (; i + (4 * TSimd.Width) <= length; i += 4 * TSimd.Width)
        {
            (x, y) = (TSimd.Load(first + i), TSimd.Load(second + i));
            (a, b) = (left.Load(i), right.Load(i));
            firstLeft0 = TSimd.MultiplyAdd(x, a, firstLeft0);
            firstRight0 = TSimd.MultiplyAdd(x, b, firstRight0);
            secondLeft0 = TSimd.MultiplyAdd(y, a, secondLeft0);
            secondRight0 = TSimd.MultiplyAdd(y, b, secondRight0);
            (x, y) = (TSimd.Load(first + i + TSimd.Width), TSimd.Load(second + i + TSimd.Width));
            (a, b) = (left.Load(i + TSimd.Width), right.Load(i + TSimd.Width));
            firstLeft1 = TSimd.MultiplyAdd(x, a, firstLeft1);
            firstRight1 = TSimd.MultiplyAdd(x, b, firstRight1);
            secondLeft1 = TSimd.MultiplyAdd(y, a, secondLeft1);
            secondRight1 = TSimd.MultiplyAdd(y, b, secondRight1);
            (x, y) = (TSimd.Load(first + i + (2 * TSimd.Width)), TSimd.Load(second + i + (2 * TSimd.Width)));
            (a, b) = (left.Load(i + (2 * TSimd.Width)), right.Load(i + (2 * TSimd.Width)));
            firstLeft2 = TSimd.MultiplyAdd(x, a, firstLeft2);
            firstRight2 = TSimd.MultiplyAdd(x, b, firstRight2);
            secondLeft2 = TSimd.MultiplyAdd(y, a, secondLeft2);
            secondRight2 = TSimd.MultiplyAdd(y, b, secondRight2);
            (x, y) = (TSimd.Load(first + i + (3 * TSimd.Width)), TSimd.Load(second + i + (3 * TSimd.Width)));
            (a, b) = (left.Load(i + (3 * TSimd.Width)), right.Load(i + (3 * TSimd.Width)));
            firstLeft3 = TSimd.MultiplyAdd(x, a, firstLeft3);
            firstRight3 = TSimd.MultiplyAdd(x, b, firstRight3);
            secondLeft3 = TSimd.MultiplyAdd(y, a, secondLeft3);
            secondRight3 = TSimd.MultiplyAdd(y, b, secondRight3);
        }

        for (; i < length; i += TSimd.Width)
        {
            var count = Math.Min(TSimd.Width, length - i);
            (x, y) = (TSimd.Load(first + i, count), TSimd.Load(second + i, count));
            (a, b) = (left.Load(i, count), right.Load(i, count));
            firstLeft0 = TSimd.MultiplyAdd(x, a, firstLeft0);
            firstRight0 = TSimd.MultiplyAdd(x, b, firstRight0);
            secondLeft0 = TSimd.MultiplyAdd(y, a, secondLeft0);
            secondRight0 = TSimd.MultiplyAdd(y, b, secondRight0);
        }

        return (
            Sum(firstLeft0, firstLeft1, firstLeft2, firstLeft3), Sum(firstRight0, firstRight1, firstRight2, firstRight3),
            Sum(secondLeft0, secondLeft1, secondLeft2, secondLeft3), Sum(secondRight0, secondRight1, secondRight2, secondRight3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(TVector sum0, TVector sum1, TVector sum2, TVector sum3) =>
        TSimd.Sum(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3)));
}
