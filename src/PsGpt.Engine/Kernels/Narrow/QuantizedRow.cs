using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Rounds a row to whole numbers of a scale, to nearest, ties away from 0. Those of a weight are ggml's Q8_0 (<c>ggml-quants.c</c>,
/// <c>quantize_row_q8_0_ref</c>): bytes, with a scale for each block of 32, its largest magnitude / 127.
/// </summary>
internal static unsafe class QuantizedRow
{
    private const int Lanes = 8;

    /// <summary>A row of a weight. Its scales are rounded to half precision, as files store them; the values are not, as in ggml.</summary>
    public static void NarrowWeight(ReadOnlySpan<float> source, sbyte* values, float* scales)
    {
        Span<float> room = stackalloc float[NarrowRow.BlockLength];
        for (var start = 0; start < source.Length; start += NarrowRow.BlockLength, values += NarrowRow.BlockLength)
        {
            var (lower, upper) = Narrow(BlockAt(source[start..], room), out var scale);
            Vector256.Store(Vector256.NarrowWithSaturation(lower, upper), values);
            *scales++ = (float)(Half)scale;
        }
    }

    /// <summary>A row of an input, to 16 bits; zeros follow it. A value that is no number makes the scale one that is none.</summary>
    /// <returns>The scale.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float NarrowInput(ReadOnlySpan<float> source, Span<short> target)
    {
        Span<float> room = stackalloc float[NarrowRow.BlockLength];
        var largest = Vector256<float>.Zero;
        for (var start = 0; start < source.Length; start += NarrowRow.BlockLength)
            largest = Vector256.Max(largest, LargestMagnitudes(BlockAt(source[start..], room)));
        var scale = LargestLane(largest) / short.MaxValue;
        for (var start = 0; start < source.Length; start += NarrowRow.BlockLength)
        {
            var (lower, upper) = Round(BlockAt(source[start..], room), scale);
            lower.CopyTo(target[start..]);
            upper.CopyTo(target[(start + (2 * Lanes))..]);
        }

        return scale;
    }

    /// <summary>
    /// The values of a block. One that holds a value that is no number gets such a scale, so that what went wrong is not lost.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<short> Lower, Vector256<short> Upper) Narrow(ReadOnlySpan<float> block, out float scale)
    {
        scale = LargestLane(LargestMagnitudes(block)) / 127;
        return Round(block, scale);
    }

    /// <summary>The first 32 values; zeros follow where there are fewer.</summary>
    private static ReadOnlySpan<float> BlockAt(ReadOnlySpan<float> source, Span<float> room)
    {
        if (source.Length >= NarrowRow.BlockLength)
            return source[..NarrowRow.BlockLength];
        room.Clear();
        source.CopyTo(room);
        return room;
    }

    // This maximum is NaN where an operand is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> LargestMagnitudes(ReadOnlySpan<float> block) => Vector256.Max(
        Vector256.Max(Vector256.Abs(Vector256.Create(block)), Vector256.Abs(Vector256.Create(block[Lanes..]))),
        Vector256.Max(Vector256.Abs(Vector256.Create(block[(2 * Lanes)..])), Vector256.Abs(Vector256.Create(block[(3 * Lanes)..]))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LargestLane(Vector256<float> values)
    {
        var half = Vector128.Max(values.GetLower(), values.GetUpper());
        return MathF.Max(MathF.Max(half[0], half[1]), MathF.Max(half[2], half[3]));
    }

    /// <summary>The values of a block as whole numbers of a scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<short> Lower, Vector256<short> Upper) Round(ReadOnlySpan<float> block, float scale)
    {
        var inverse = Vector256.Create(scale == 0 ? 0 : 1 / scale);
        return (
            Vector256.NarrowWithSaturation(Round(block, inverse), Round(block[Lanes..], inverse)),
            Vector256.NarrowWithSaturation(Round(block[(2 * Lanes)..], inverse), Round(block[(3 * Lanes)..], inverse)));
    }

    /// <remarks>Vector256.Round has no instruction for ties away from 0: a row took three times as long with it.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(ReadOnlySpan<float> values, Vector256<float> inverse)
    {
        var scaled = Vector256.Create(values) * inverse;
        var whole = Vector256.ConvertToInt32(scaled);
        var rest = scaled - Vector256.ConvertToSingle(whole);
        var half = Vector256.Create(0.5f);
        return whole
            - Vector256.GreaterThanOrEqual(rest, half).AsInt32()
            + Vector256.LessThanOrEqual(rest, -half).AsInt32();
    }
}
