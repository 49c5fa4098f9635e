using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// Dot products of a few rows of input with a few rows of a weight. Each has one accumulator, so that its sum does not depend on what is
/// computed beside it; several of them side by side hide the latency of an addition.
/// </summary>
/// <remarks>
/// The rows of the weight come from memory, where processors fetch too little ahead on their own: each step prefetches some of the rows
/// that follow.
/// </remarks>
internal static unsafe class RowProducts<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The product with one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float OfOne<TRow>(float* input, TRow row, int length)
        where TRow : struct, IRow<TVector>
    {
        var sum = TSimd.Zero;
        for (var i = 0; i < length; i += TSimd.Width)
        {
            var count = length - i;
            sum = TSimd.MultiplyAdd(TSimd.Load(input + i, count), row.Load(i, count), sum);
        }

        return TSimd.Sum(sum);
    }

    /// <summary>The products with two rows.</summary>
    /// <param name="ahead">Where the first step prefetches a line.</param>
    /// <param name="otherAhead">Where it prefetches another one.</param>
    /// <param name="stride">The floats from there to where the next step does.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (float Left, float Right) OfTwo<TRow>(
        float* input, TRow left, TRow right, int length, float* ahead, float* otherAhead, int stride)
        where TRow : struct, IRow<TVector>
    {
        TVector leftSum = TSimd.Zero, rightSum = TSimd.Zero, x;
        var i = 0;
        for (; i + TSimd.Width <= length; i += TSimd.Width)
        {
            CacheLine.Prefetch(ahead);
            CacheLine.Prefetch(otherAhead);
            ahead += stride;
            otherAhead += stride;
            x = TSimd.Load(input + i);
            leftSum = TSimd.MultiplyAdd(x, left.Load(i), leftSum);
            rightSum = TSimd.MultiplyAdd(x, right.Load(i), rightSum);
        }

        if (i < length)
        {
            var count = length - i;
            x = TSimd.Load(input + i, count);
            leftSum = TSimd.MultiplyAdd(x, left.Load(i, count), leftSum);
            rightSum = TSimd.MultiplyAdd(x, right.Load(i, count), rightSum);
        }

        return (TSimd.Sum(leftSum), TSimd.Sum(rightSum));
    }

    /// <summary>The products with four rows.</summary>
    /// <param name="sums">The four sums.</param>
    /// <param name="ahead">What will be read next.</param>
    /// <param name="lines">How many lines of it each step prefetches.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfFour<TRow>(
        float* input, TRow row0, TRow row1, TRow row2, TRow row3, int length, float* sums, float* ahead, int lines)
        where TRow : struct, IRow<TVector>
    {
        TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
        TVector x;
        var i = 0;
        for (; i + TSimd.Width <= length; i += TSimd.Width)
        {
            ahead = CacheLine.Prefetch(ahead, lines);
            x = TSimd.Load(input + i);
            sum0 = TSimd.MultiplyAdd(x, row0.Load(i), sum0);
            sum1 = TSimd.MultiplyAdd(x, row1.Load(i), sum1);
            sum2 = TSimd.MultiplyAdd(x, row2.Load(i), sum2);
            sum3 = TSimd.MultiplyAdd(x, row3.Load(i), sum3);
        }

        if (i < length)
        {
            var count = length - i;
            x = TSimd.Load(input + i, count);
            sum0 = TSimd.MultiplyAdd(x, row0.Load(i, count), sum0);
            sum1 = TSimd.MultiplyAdd(x, row1.Load(i, count), sum1);
            sum2 = TSimd.MultiplyAdd(x, row2.Load(i, count), sum2);
            sum3 = TSimd.MultiplyAdd(x, row3.Load(i, count), sum3);
        }

        sums[0] = TSimd.Sum(sum0);
        sums[1] = TSimd.Sum(sum1);
        sums[2] = TSimd.Sum(sum2);
        sums[3] = TSimd.Sum(sum3);
    }

    /// <summary>The products of four rows of input with two rows.</summary>
    /// <param name="input">The first of four rows, one behind the other.</param>
    /// <param name="sums">Those with <paramref name="left"/>, then those with <paramref name="right"/>.</param>
    /// <param name="ahead">Where the first step prefetches a line.</param>
    /// <param name="otherAhead">Where it prefetches another one.</param>
    /// <param name="stride">The floats from there to where the next step does.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfFourByTwo<TRow>(
        float* input, TRow left, TRow right, int length, float* sums, float* ahead, float* otherAhead, int stride)
        where TRow : struct, IRow<TVector>
    {
        TVector left0 = TSimd.Zero, left1 = TSimd.Zero, left2 = TSimd.Zero, left3 = TSimd.Zero;
        TVector right0 = TSimd.Zero, right1 = TSimd.Zero, right2 = TSimd.Zero, right3 = TSimd.Zero;
        TVector x, a, b;
        float* input1 = input + length, input2 = input1 + length, input3 = input2 + length;
        var i = 0;
        for (; i + TSimd.Width <= length; i += TSimd.Width)
        {
            CacheLine.Prefetch(ahead);
            CacheLine.Prefetch(otherAhead);
            ahead += stride;
            otherAhead += stride;
            (a, b) = (left.Load(i), right.Load(i));
            x = TSimd.Load(input + i);
            left0 = TSimd.MultiplyAdd(x, a, left0);
            right0 = TSimd.MultiplyAdd(x, b, right0);
            x = TSimd.Load(input1 + i);
            left1 = TSimd.MultiplyAdd(x, a, left1);
            right1 = TSimd.MultiplyAdd(x, b, right1);
            x = TSimd.Load(input2 + i);
            left2 = TSimd.MultiplyAdd(x, a, left2);
            right2 = TSimd.MultiplyAdd(x, b, right2);
            x = TSimd.Load(input3 + i);
            left3 = TSimd.MultiplyAdd(x, a, left3);
            right3 = TSimd.MultiplyAdd(x, b, right3);
        }

        if (i < length)
        {
            var count = length - i;
            (a, b) = (left.Load(i, count), right.Load(i, count));
            x = TSimd.Load(input + i, count);
            left0 = TSimd.MultiplyAdd(x, a, left0);
            right0 = TSimd.MultiplyAdd(x, b, right0);
            x = TSimd.Load(input1 + i, count);
            left1 = TSimd.MultiplyAdd(x, a, left1);
            right1 = TSimd.MultiplyAdd(x, b, right1);
            x = TSimd.Load(input2 + i, count);
            left2 = TSimd.MultiplyAdd(x, a, left2);
            right2 = TSimd.MultiplyAdd(x, b, right2);
            x = TSimd.Load(input3 + i, count);
            left3 = TSimd.MultiplyAdd(x, a, left3);
            right3 = TSimd.MultiplyAdd(x, b, right3);
        }

        sums[0] = TSimd.Sum(left0);
        sums[1] = TSimd.Sum(left1);
        sums[2] = TSimd.Sum(left2);
        sums[3] = TSimd.Sum(left3);
        sums[4] = TSimd.Sum(right0);
        sums[5] = TSimd.Sum(right1);
        sums[6] = TSimd.Sum(right2);
        sums[7] = TSimd.Sum(right3);
    }
}
