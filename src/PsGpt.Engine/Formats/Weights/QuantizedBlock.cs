using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PsGpt.Formats.Weights;

/// <summary>
/// ggml's Q8_0 (<c>ggml-quants.c</c>, <c>quantize_row_q8_0_ref</c>): a half precision scale, largest magnitude / 127, then 32 signed
/// bytes, value / scale rounded to nearest, ties away from 0. The bytes of a block are one 256-bit vector.
/// </summary>
internal static class QuantizedBlock
{
    /// <summary>Values of a block.</summary>
    public const int ValueCount = 32;

    /// <summary>Bytes of a block.</summary>
    public const int ByteCount = ScaleBytes + ValueCount;

    private const int ScaleBytes = 2;
    private const int Lanes = 8;

    /// <summary>Widens whole blocks: each byte times the scale. A scale that is infinite or no number makes its values so.</summary>
    /// <param name="source">As many blocks as <paramref name="target"/> needs.</param>
    /// <param name="target">A multiple of 32 values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<byte> source, Span<float> target)
    {
        for (; !target.IsEmpty; source = source[ByteCount..], target = target[ValueCount..])
        {
            var scale = Vector256.Create((float)BinaryPrimitives.ReadHalfLittleEndian(source));
            var (lower, upper) = Vector256.Widen(Vector256.Create<byte>(source[ScaleBytes..]).AsSByte());
            Widen(lower, scale, target);
            Widen(upper, scale, target[(2 * Lanes)..]);
        }
    }

    /// <summary>
    /// Rounds whole blocks. One that holds a value that is no number gets such a scale, so that what went wrong is not lost;
    /// ggml leaves that open.
    /// </summary>
    /// <param name="source">A multiple of 32 values.</param>
    /// <param name="target">As many blocks.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow(ReadOnlySpan<float> source, Span<byte> target)
    {
        for (; !source.IsEmpty; source = source[ValueCount..], target = target[ByteCount..])
        {
            var scale = LargestMagnitude(source) / 127;
            BinaryPrimitives.WriteHalfLittleEndian(target, (Half)scale);

            // The values are divided by the exact scale, not by the rounded one that is stored: so does the reference.
            var inverse = Vector256.Create(scale == 0 ? 0 : 1 / scale);
            var lower = Vector256.NarrowWithSaturation(Round(source, inverse), Round(source[Lanes..], inverse));
            var upper = Vector256.NarrowWithSaturation(Round(source[(2 * Lanes)..], inverse), Round(source[(3 * Lanes)..], inverse));
            Vector256.NarrowWithSaturation(lower, upper).AsByte().CopyTo(target[ScaleBytes..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(Vector256<short> values, Vector256<float> scale, Span<float> target)
    {
        var (lower, upper) = Vector256.Widen(values);
        (Vector256.ConvertToSingle(lower) * scale).CopyTo(target);
        (Vector256.ConvertToSingle(upper) * scale).CopyTo(target[Lanes..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LargestMagnitude(ReadOnlySpan<float> block)
    {
        // This maximum is NaN where an operand is.
        var largest = Vector256.Max(
            Vector256.Max(Vector256.Abs(Vector256.Create(block)), Vector256.Abs(Vector256.Create(block[Lanes..]))),
            Vector256.Max(Vector256.Abs(Vector256.Create(block[(2 * Lanes)..])), Vector256.Abs(Vector256.Create(block[(3 * Lanes)..]))));
        var half = Vector128.Max(largest.GetLower(), largest.GetUpper());
        return MathF.Max(MathF.Max(half[0], half[1]), MathF.Max(half[2], half[3]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(ReadOnlySpan<float> values, Vector256<float> inverse) =>
        Vector256.ConvertToInt32(Vector256.Round(Vector256.Create(values) * inverse, MidpointRounding.AwayFromZero));
}
