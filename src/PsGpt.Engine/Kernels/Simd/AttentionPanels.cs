using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>The packed panels that both directions of attention are made of.</summary>
internal static unsafe class AttentionPanels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Positions of a block: the columns of a register tile.</summary>
    public static int BlockSize => 2 * TSimd.Width;

    /// <summary>Rows rounded up to whole tiles.</summary>
    public static int PaddedRows(int rows) => (rows + TSimd.TileRows - 1) / TSimd.TileRows * TSimd.TileRows;

    /// <summary>Packs an operand as the left side of products: panels of tile rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackLeft(float* panels, Operand source, int rows, int depth)
    {
        for (var row = 0; row < rows; row += TSimd.TileRows)
            PanelPacking<TSimd, TVector>.PackTile(panels + ((nint)row * depth), source.From(row, 0), rows - row, depth);
    }

    /// <summary>Packs an operand as the right side of products: one panel of a block's columns.</summary>
    public static void PackRight(float* panel, Operand source, int columns, int depth) =>
        PanelPacking<TSimd, TVector>.Pack(panel, source, BlockSize, columns, depth);

    /// <summary>
    /// product (rows, block) = left · right, for rows from <paramref name="firstRow"/>, which begins a tile. All rows of the
    /// last tile are written, so the product has <see cref="PaddedRows"/> of them.
    /// </summary>
    /// <param name="depth">How many of the panels' <paramref name="panelDepth"/> values are taken, from <paramref name="firstDepth"/> on.</param>
    /// <param name="right">Begins at <paramref name="firstDepth"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* product, float* leftPanels, float* right, int firstRow, int endRow, int rows, int panelDepth, int firstDepth, int depth)
    {
        for (var row = firstRow; row < endRow; row += TSimd.TileRows)
        {
            var height = ProductTile<TSimd, TVector>.PaddedHeight(Math.Min(TSimd.TileRows, rows - row), TSimd.TileRows);
            var left = leftPanels + ((nint)row * panelDepth) + ((nint)firstDepth * height);
            ProductTile<TSimd, TVector>.MultiplyWhole(height, depth, left, 1, height, right, product + ((nint)row * BlockSize), BlockSize, TileStore.Write, ahead: null);
        }
    }

    /// <summary>Writes a transposed block (rows, block) as positions of (rows) values each, <paramref name="stride"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void StoreTransposed(float* target, nint stride, float* block, int rows, int columns)
    {
        var column = 0;
        for (; column + TSimd.Width <= columns; column += TSimd.Width)
        {
            var row = 0;
            for (; row + TSimd.Width <= rows; row += TSimd.Width)
                TSimd.Transpose(block + ((nint)row * BlockSize) + column, BlockSize, target + (column * stride) + row, stride);
            StoreElements(target, stride, block, row, rows, column, column + TSimd.Width);
        }

        StoreElements(target, stride, block, 0, rows, column, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StoreElements(float* target, nint stride, float* block, int firstRow, int endRow, int firstColumn, int endColumn)
    {
        for (var column = firstColumn; column < endColumn; column++)
        {
            for (var row = firstRow; row < endRow; row++)
                target[(column * stride) + row] = block[((nint)row * BlockSize) + column];
        }
    }
}
