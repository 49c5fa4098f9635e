using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Dot products of quantized rows: block by block the sum of whole numbers, times the scale of the block. Two accumulators take turns,
/// since one addition would wait for the one before it.
/// </summary>
internal static unsafe class QuantizedDot<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Block = NarrowRow.BlockLength;

    /// <summary>The dot product of a row of the weight and a row of input.</summary>
    /// <param name="blockCount">The blocks of a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Of(sbyte* weight, float* weightScales, short* input, int blockCount)
    {
        TVector even = TSimd.Zero, odd = TSimd.Zero;
        nint block = 0;
        for (; block + 2 <= blockCount; block += 2, weight += 2 * Block, input += 2 * Block)
        {
            even = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input), TSimd.Broadcast(weightScales[block]), even);
            odd = TSimd.MultiplyAdd(TSimd.DotBytes(weight + Block, input + Block), TSimd.Broadcast(weightScales[block + 1]), odd);
        }

        if (block < blockCount)
            even = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input), TSimd.Broadcast(weightScales[block]), even);
        return TSimd.Sum(TSimd.Add(even, odd));
    }

    /// <summary>Four dot products with the same row of the weight, each with the sum that it has alone.</summary>
    /// <param name="weight">The row, in 16 bits.</param>
    /// <param name="input">The first of four rows of input.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float First, float Second, float Third, float Fourth) OfFour(
        short* weight, float* weightScales, short* input, int blockCount)
    {
        TVector even0 = TSimd.Zero, even1 = TSimd.Zero, even2 = TSimd.Zero, even3 = TSimd.Zero;
        TVector odd0 = TSimd.Zero, odd1 = TSimd.Zero, odd2 = TSimd.Zero, odd3 = TSimd.Zero;
        nint stride = blockCount * Block;
        nint block = 0;
        for (; block + 2 <= blockCount; block += 2, weight += 2 * Block, input += 2 * Block)
        {
            var scale = TSimd.Broadcast(weightScales[block]);
            even0 = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input), scale, even0);
            even1 = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input + stride), scale, even1);
            even2 = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input + (2 * stride)), scale, even2);
            even3 = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input + (3 * stride)), scale, even3);
            scale = TSimd.Broadcast(weightScales[block + 1]);
            odd0 = TSimd.MultiplyAdd(TSimd.DotBytes(weight + Block, input + Block), scale, odd0);
            odd1 = TSimd.MultiplyAdd(TSimd.DotBytes(weight + Block, input + stride + Block), scale, odd1);
            odd2 = TSimd.MultiplyAdd(TSimd.DotBytes(weight + Block, input + (2 * stride) + Block), scale, odd2);
            odd3 = TSimd.MultiplyAdd(TSimd.DotBytes(weight + Block, input + (3 * stride) + Block), scale, odd3);
        }

        if (block < blockCount)
        {
            var scale = TSimd.Broadcast(weightScales[block]);
            even0 = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input), scale, even0);
            even1 = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input + stride), scale, even1);
            even2 = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input + (2 * stride)), scale, even2);
            even3 = TSimd.MultiplyAdd(TSimd.DotBytes(weight, input + (3 * stride)), scale, even3);
        }

        return (
            TSimd.Sum(TSimd.Add(even0, odd0)), TSimd.Sum(TSimd.Add(even1, odd1)),
            TSimd.Sum(TSimd.Add(even2, odd2)), TSimd.Sum(TSimd.Add(even3, odd3)));
    }
}
