using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// Dot products of a few rows of input with a few rows of a weight. Each has one accumulator, so that its sum does not depend on what is
/// computed beside it; several of them side by side hide the latency of an addition.
/// </summary>
internal static unsafe class RowProducts<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The product with one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float OfOne<TRow>(float* input, TRow row, int length)
        where TRow : struct, IRow<TVector>
    {
        var sum = TSimd.Zero;
        for (nint i = 0; i < length; i += TSimd.Width)
        {
            var count = (int)(length - i);
            sum = TSimd.MultiplyAdd(TSimd.Load(input + i, count), row.Load(i, count), sum);
        }

        return TSimd.Sum(sum);
    }

    /// <summary>The products with two rows, before the lanes of each are summed.</summary>
    /// <param name="distance">How many values ahead of itself each step prefetches; 0 for none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Left, TVector Right) LanesOfTwo<TRow>(float* input, TRow left, TRow right, int length, int distance)
        where TRow : struct, IRow<TVector>
    {
        TVector leftLanes = TSimd.Zero, rightLanes = TSimd.Zero, x;
        nint i = 0;
        for (; i + TSimd.Width <= length; i += TSimd.Width)
        {
            if (distance != 0)
            {
                left.Prefetch(i + distance);
                right.Prefetch(i + distance);
            }

            x = TSimd.Load(input + i);
            leftLanes = TSimd.MultiplyAdd(x, left.Load(i), leftLanes);
            rightLanes = TSimd.MultiplyAdd(x, right.Load(i), rightLanes);
        }

        if (i < length)
        {
            var count = (int)(length - i);
            x = TSimd.Load(input + i, count);
            leftLanes = TSimd.MultiplyAdd(x, left.Load(i, count), leftLanes);
            rightLanes = TSimd.MultiplyAdd(x, right.Load(i, count), rightLanes);
        }

        return (leftLanes, rightLanes);
    }

    /// <summary>The products with four rows.</summary>
    /// <param name="ahead">What will be read next.</param>
    /// <param name="lines">How many lines of it each step prefetches.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> OfFour<TRow>(
        float* input, TRow row0, TRow row1, TRow row2, TRow row3, int length, float* ahead, int lines)
        where TRow : struct, IRow<TVector>
    {
        TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
        TVector x;
        nint i = 0;
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
            var count = (int)(length - i);
            x = TSimd.Load(input + i, count);
            sum0 = TSimd.MultiplyAdd(x, row0.Load(i, count), sum0);
            sum1 = TSimd.MultiplyAdd(x, row1.Load(i, count), sum1);
            sum2 = TSimd.MultiplyAdd(x, row2.Load(i, count), sum2);
            sum3 = TSimd.MultiplyAdd(x, row3.Load(i, count), sum3);
        }

        return TSimd.SumEach(sum0, sum1, sum2, sum3);
    }

    /// <summary>The products of four rows of input with two rows.</summary>
    /// <param name="input">The first of four rows, one behind the other.</param>
    /// <param name="fetched">A row that each step prefetches a vector of.</param>
    /// <param name="alsoFetched">Another one, or the same.</param>
    /// <param name="distance">How many values ahead of the step that vector is.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (Vector128<float> Left, Vector128<float> Right) OfFourByTwo<TRow>(
        float* input, TRow left, TRow right, int length, TRow fetched, TRow alsoFetched, int distance)
        where TRow : struct, IRow<TVector>
    {
        TVector left0 = TSimd.Zero, left1 = TSimd.Zero, left2 = TSimd.Zero, left3 = TSimd.Zero;
        TVector right0 = TSimd.Zero, right1 = TSimd.Zero, right2 = TSimd.Zero, right3 = TSimd.Zero;
        TVector x, a, b;
        float* input1 = input + length, input2 = input1 + length, input3 = input2 + length;
        nint i = 0;
        for (; i + TSimd.Width <= length; i += TSimd.Width)
        {
            fetched.Prefetch(i + distance);
            alsoFetched.Prefetch(i + distance);
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
            var count = (int)(length - i);
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

        return (TSimd.SumEach(left0, left1, left2, left3), TSimd.SumEach(right0, right1, right2, right3));
    }
}
