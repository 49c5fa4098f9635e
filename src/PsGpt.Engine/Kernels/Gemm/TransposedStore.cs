using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>Writes what tiles have computed, rows as long as a tile is wide, so that its columns become rows.</summary>
internal static unsafe class TransposedStore<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>target (columns, rows) = source (rows, columns of a tile), transposed.</summary>
    /// <param name="stride">Floats from a row of the target to the next.</param>
    /// <param name="columns">The columns of the source that are written, at most those of a tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(float* target, nint stride, float* source, int rows, int columns)
    {
        nint sourceStride = EdgeTile<TSimd, TVector>.Columns;
        var column = 0;
        for (; column + TSimd.Width <= columns; column += TSimd.Width)
        {
            var row = 0;
            for (; row + TSimd.Width <= rows; row += TSimd.Width)
                TSimd.Transpose(source + (row * sourceStride) + column, sourceStride, target + (column * stride) + row, stride);
            Transposition.CopyElements(source, sourceStride, row, rows, column, column + TSimd.Width, target, stride);
        }

        Transposition.CopyElements(source, sourceStride, 0, rows, column, columns, target, stride);
    }
}
