using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>The packed panels that both directions of attention are made of.</summary>
internal static unsafe class AttentionPanels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Positions of a block: the columns of a register tile.</summary>
    public static int BlockSize => ProductTile<TSimd, TVector>.Columns;

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
    /// last tile are written, so the product has <see cref="ProductTile{TSimd, TVector}.PaddedRows"/> of them.
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
            ProductTile<TSimd, TVector>.MultiplyWhole(height, depth, left, 1, height, right, product + ((nint)row * BlockSize), BlockSize, TileStore.Write, squares: null, ahead: null);
        }
    }
}
