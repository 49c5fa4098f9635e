using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PsGpt.Kernels.Simd;

/// <summary>Copies a matrix so that its rows become columns.</summary>
internal static unsafe class Transposition
{
    /// <summary>Rows of the source that are read side by side, so that a whole cache line of the target is written.</summary>
    public const int BandHeight = 16;

    /// <summary>Copies <paramref name="source"/> (rows, columns) to <paramref name="target"/> (columns, rows).</summary>
    /// <param name="source">The first element.</param>
    /// <param name="sourceStride">Floats from a row of the source to the next.</param>
    /// <param name="rows">The rows of the source; multiples of <see cref="BandHeight"/> go fastest.</param>
    /// <param name="columns">The columns of the source.</param>
    /// <param name="target">The first element of the target, which takes the first column as a row.</param>
    /// <param name="targetStride">Floats from a row of the target to the next.</param>
    public static void Copy(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride)
    {
        for (var top = 0; top < rows; top += BandHeight)
        {
            var height = Math.Min(BandHeight, rows - top);
            CopyBand(source + (top * sourceStride), sourceStride, height, columns, target + top, targetStride);
        }
    }

    private static void CopyBand(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride)
    {
        var square = rows == BandHeight && Vector512.IsHardwareAccelerated ? BandHeight : 4;
        var (wholeRows, wholeColumns) = (rows / square * square, columns / square * square);
        for (var column = 0; column < wholeColumns; column += square)
        {
            for (var row = 0; row < wholeRows; row += square)
                CopySquare(
                    square, source + (row * sourceStride) + column, sourceStride, target + (column * targetStride) + row, targetStride);
        }

        CopyElements(source, sourceStride, 0, wholeRows, wholeColumns, columns, target, targetStride);
        CopyElements(source, sourceStride, wholeRows, rows, 0, columns, target, targetStride);
    }

    private static void CopySquare(int square, float* source, nint sourceStride, float* target, nint targetStride)
    {
        if (square == BandHeight)
            Simd512.Transpose(source, sourceStride, target, targetStride);
        else
            Simd128.Transpose(source, sourceStride, target, targetStride);
    }

    /// <summary>Copies, one by one, the values of a part that fills no square.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyElements(
        float* source, nint sourceStride, int firstRow, int endRow, int firstColumn, int endColumn, float* target, nint targetStride)
    {
        for (var column = firstColumn; column < endColumn; column++)
        {
            for (var row = firstRow; row < endRow; row++)
                target[(column * targetStride) + row] = source[(row * sourceStride) + column];
        }
    }
}
