using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>Writes what tiles have computed, rows as long as a tile is wide, so that its columns become rows.</summary>
internal static unsafe class TransposedTile<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>target (columns, rows) = source (rows, columns of a tile), transposed.</summary>
    /// <param name="stride">Floats from a row of the target to the next.</param>
    /// <param name="columns">The columns of the source that are written, at most those of a tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(float* target, nint stride, float* source, int rows, int columns)
    {
        var column = 0;
        for (; column + TSimd.Width <= columns; column += TSimd.Width)
        {
            var row = 0;
            for (; row + TSimd.Width <= rows; row += TSimd.Width)
                TSimd.Transpose(source + ((nint)row * ProductTile<TSimd, TVector>.Columns) + column, ProductTile<TSimd, TVector>.Columns, target + (column * stride) + row, stride);
            StoreElements(target, stride, source, row, rows, column, column + TSimd.Width);
        }

        StoreElements(target, stride, source, 0, rows, column, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StoreElements(float* target, nint stride, float* source, int firstRow, int endRow, int firstColumn, int endColumn)
    {
        for (var column = firstColumn; column < endColumn; column++)
        {
            for (var row = firstRow; row < endRow; row++)
                target[(column * stride) + row] = source[((nint)row * ProductTile<TSimd, TVector>.Columns) + column];
        }
    }
}
