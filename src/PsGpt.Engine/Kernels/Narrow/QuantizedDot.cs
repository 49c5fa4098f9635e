using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PsGpt.Kernels.Simd;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Dot products of quantized rows: block by block the sum of whole numbers, times the scale of the block. Each has one accumulator, so that
/// its sum does not depend on what is computed beside it; several side by side hide the latency of an addition.
/// </summary>
internal static unsafe class QuantizedDot<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Block = NarrowRow.BlockLength;

    /// <summary>In bytes. On an Intel a third of it took 1.17 times as long.</summary>
    private const int PrefetchDistance = 3072;

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

    /// <summary>
    /// The dot products of two rows of the weight and a row of input, before the lanes of each are summed. Each block prefetches what is
    /// 3 KB behind it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Left, TVector Right) LanesOfTwo(
        sbyte* left, float* leftScales, sbyte* right, float* rightScales, short* input, int blockCount)
    {
        TVector leftLanes = TSimd.Zero, rightLanes = TSimd.Zero;
        for (nint block = 0; block < blockCount; block++, left += Block, right += Block, input += Block)
        {
            CacheLine.Prefetch((float*)(left + PrefetchDistance));
            CacheLine.Prefetch((float*)(right + PrefetchDistance));
            leftLanes = TSimd.MultiplyAdd(TSimd.DotBytes(left, input), TSimd.Broadcast(leftScales[block]), leftLanes);
            rightLanes = TSimd.MultiplyAdd(TSimd.DotBytes(right, input), TSimd.Broadcast(rightScales[block]), rightLanes);
        }

        return (leftLanes, rightLanes);
    }

    /// <summary>The dot products of a row of the weight and four rows of input.</summary>
    /// <param name="weight">The row, in 16 bits.</param>
    /// <param name="input">The first of four rows of input.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<float> OfFourInputs(short* weight, float* scales, short* input, int blockCount)
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

        return TSimd.SumEach(sum0, sum1, sum2, sum3);
    }
}
