using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PsGpt.Kernels.Narrow;
using PsGpt.Tensors;

namespace PsGpt.Formats.Weights;

/// <summary>
/// ggml's Q8_0 (<c>ggml-quants.c</c>, <c>quantize_row_q8_0_ref</c>): a half precision scale, largest magnitude / 127, then 32 signed
/// bytes, value / scale rounded to nearest, ties away from 0. The bytes of a block are one 256-bit vector.
/// </summary>
internal static class QuantizedBlock
{
    /// <summary>Values of a block.</summary>
    public const int ValueCount = NarrowRow.BlockLength;

    /// <summary>Bytes of a block.</summary>
    public const int ByteCount = ScaleBytes + ValueCount;

    /// <summary>Bytes of a scale.</summary>
    public const int ScaleBytes = 2;
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
            // The values are divided by the exact scale, not by the rounded one that is stored: so does the reference.
            var (lower, upper) = QuantizedRow.Narrow(source[..ValueCount], out var scale);
            BinaryPrimitives.WriteHalfLittleEndian(target, (Half)scale);
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
}
