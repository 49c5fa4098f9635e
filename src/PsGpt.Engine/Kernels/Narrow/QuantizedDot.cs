using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Dot products of quantized rows: block by block the exact sum of whole numbers, times both scales. Two accumulators take turns, since one
/// addition would wait for the one before it.
/// </summary>
internal static unsafe class QuantizedDot<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Block = NarrowRow.BlockLength;

    /// <summary>The dot product of a row of the weight and a row of input.</summary>
    /// <param name="length">Whole blocks.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Of(short* weight, float* weightScales, short* input, float* inputScales, int length)
    {
        TVector even = TSimd.Zero, odd = TSimd.Zero;
        var i = 0;
        for (; i + (2 * Block) <= length; i += 2 * Block, weightScales += 2, inputScales += 2)
        {
            even = Add(even, weight + i, input + i, TSimd.Broadcast(weightScales[0]), inputScales[0]);
            odd = Add(odd, weight + i + Block, input + i + Block, TSimd.Broadcast(weightScales[1]), inputScales[1]);
        }

        if (i < length)
            even = Add(even, weight + i, input + i, TSimd.Broadcast(weightScales[0]), inputScales[0]);
        return TSimd.Sum(TSimd.Add(even, odd));
    }

    /// <summary>Four dot products with the same row of the weight, each with the sum that it has alone.</summary>
    /// <param name="stride">The distance of the rows of input.</param>
    /// <param name="scaleStride">The distance of their scales.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float First, float Second, float Third, float Fourth) OfFour(
        short* weight, float* weightScales, short* input, float* inputScales, int stride, int scaleStride)
    {
        TVector even0 = TSimd.Zero, even1 = TSimd.Zero, even2 = TSimd.Zero, even3 = TSimd.Zero;
        TVector odd0 = TSimd.Zero, odd1 = TSimd.Zero, odd2 = TSimd.Zero, odd3 = TSimd.Zero;
        short* x0 = input, x1 = input + stride, x2 = x1 + stride, x3 = x2 + stride;
        float* s0 = inputScales, s1 = inputScales + scaleStride, s2 = s1 + scaleStride, s3 = s2 + scaleStride;
        var (i, block) = (0, 0);
        for (; i + (2 * Block) <= stride; i += 2 * Block, block += 2)
        {
            var scale = TSimd.Broadcast(weightScales[block]);
            even0 = Add(even0, weight + i, x0 + i, scale, s0[block]);
            even1 = Add(even1, weight + i, x1 + i, scale, s1[block]);
            even2 = Add(even2, weight + i, x2 + i, scale, s2[block]);
            even3 = Add(even3, weight + i, x3 + i, scale, s3[block]);
            var (next, nextScale) = (i + Block, TSimd.Broadcast(weightScales[block + 1]));
            odd0 = Add(odd0, weight + next, x0 + next, nextScale, s0[block + 1]);
            odd1 = Add(odd1, weight + next, x1 + next, nextScale, s1[block + 1]);
            odd2 = Add(odd2, weight + next, x2 + next, nextScale, s2[block + 1]);
            odd3 = Add(odd3, weight + next, x3 + next, nextScale, s3[block + 1]);
        }

        if (i < stride)
        {
            var scale = TSimd.Broadcast(weightScales[block]);
            even0 = Add(even0, weight + i, x0 + i, scale, s0[block]);
            even1 = Add(even1, weight + i, x1 + i, scale, s1[block]);
            even2 = Add(even2, weight + i, x2 + i, scale, s2[block]);
            even3 = Add(even3, weight + i, x3 + i, scale, s3[block]);
        }

        return (
            TSimd.Sum(TSimd.Add(even0, odd0)), TSimd.Sum(TSimd.Add(even1, odd1)),
            TSimd.Sum(TSimd.Add(even2, odd2)), TSimd.Sum(TSimd.Add(even3, odd3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(TVector sum, short* weight, short* input, TVector weightScale, float inputScale) =>
        TSimd.MultiplyAdd(TSimd.DotBytes(weight, input), TSimd.Multiply(weightScale, TSimd.Broadcast(inputScale)), sum);
}
