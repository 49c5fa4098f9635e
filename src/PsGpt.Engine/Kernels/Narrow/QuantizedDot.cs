using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Dot products of quantized rows: block by block the sum of whole numbers, times the scale of the block. Each has one accumulator, so that
/// its sum does not depend on what is computed beside it; four side by side hide the latency of an addition.
/// </summary>
internal static unsafe class QuantizedDot<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Block = NarrowRow.BlockLength;

    /// <summary>The dot product of a row of the weight and a row of input.</summary>
    /// <param name="blockCount">The blocks of a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Of(sbyte* weight, float* scales, short* input, int blockCount)
    {
        var sum = TSimd.Zero;
        for (nint block = 0; block < blockCount; block++, weight += Block, input += Block)
            sum = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input), TSimd.Broadcast(scales[block]), sum);
        return TSimd.Sum(sum);
    }

    /// <summary>The dot products of four rows of the weight and a row of input.</summary>
    /// <param name="weight">The first row; the others follow.</param>
    /// <param name="stride">The floats from a row to the next.</param>
    /// <param name="sums">The four sums.</param>
    /// <param name="lines">How many lines of the rows that follow each block prefetches.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfFourWeights(
        float* weight, nint stride, float* scales, short* input, int blockCount, float* sums, int lines)
    {
        TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
        sbyte* row0 = (sbyte*)weight, row1 = (sbyte*)(weight + stride);
        sbyte* row2 = (sbyte*)(weight + (2 * stride)), row3 = (sbyte*)(weight + (3 * stride));
        float* scales1 = scales + stride, scales2 = scales1 + stride, scales3 = scales2 + stride;
        var ahead = weight + (4 * stride);
        nint at = 0;
        for (nint block = 0; block < blockCount; block++, at += Block)
        {
            ahead = CacheLine.Prefetch(ahead, lines);
            sum0 = TSimd.MultiplyAdd(TSimd.DotBytes(row0 + at, input + at), TSimd.Broadcast(scales[block]), sum0);
            sum1 = TSimd.MultiplyAdd(TSimd.DotBytes(row1 + at, input + at), TSimd.Broadcast(scales1[block]), sum1);
            sum2 = TSimd.MultiplyAdd(TSimd.DotBytes(row2 + at, input + at), TSimd.Broadcast(scales2[block]), sum2);
            sum3 = TSimd.MultiplyAdd(TSimd.DotBytes(row3 + at, input + at), TSimd.Broadcast(scales3[block]), sum3);
        }

        sums[0] = TSimd.Sum(sum0);
        sums[1] = TSimd.Sum(sum1);
        sums[2] = TSimd.Sum(sum2);
        sums[3] = TSimd.Sum(sum3);
    }

    /// <summary>The dot products of a row of the weight and four rows of input.</summary>
    /// <param name="weight">The row, in 16 bits.</param>
    /// <param name="input">The first of four rows of input.</param>
    /// <param name="sums">The four sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfFourInputs(short* weight, float* scales, short* input, int blockCount, float* sums)
    {
        TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
        nint stride = blockCount * Block;
        for (nint block = 0; block < blockCount; block++, weight += Block, input += Block)
        {
            var scale = TSimd.Broadcast(scales[block]);
            sum0 = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input), scale, sum0);
            sum1 = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input + stride), scale, sum1);
            sum2 = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input + (2 * stride)), scale, sum2);
            sum3 = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input + (3 * stride)), scale, sum3);
        }

        sums[0] = TSimd.Sum(sum0);
        sums[1] = TSimd.Sum(sum1);
        sums[2] = TSimd.Sum(sum2);
        sums[3] = TSimd.Sum(sum3);
    }
}
