using System.Runtime.CompilerServices;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Attention;

/// <summary>
/// The products that both directions of attention are made of. Rows of positions are copied out of (B,T,3C), where they lie pages
/// apart, and read in place; only what must lie with positions side by side is transposed.
/// </summary>
internal static unsafe class AttentionPanels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Positions of a block: the columns of a register tile.</summary>
    public static int BlockSize => EdgeTile<TSimd, TVector>.Columns;

    /// <summary>The floats that <see cref="CopyRows"/> writes.</summary>
    public static nint RowsLength(int rows, int size) => (nint)EdgeTile<TSimd, TVector>.PaddedRows(rows) * size;

    /// <summary>The floats that <see cref="PackColumns"/> writes.</summary>
    public static nint ColumnsLength(int depth, int size) => (nint)EdgeTile<TSimd, TVector>.CountAcross(size) * BlockSize * depth;

    /// <summary>Copies rows of a head next to each other, for the left side of products; what fills the last tile is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyRows(float* target, Operand source, int rows, int size)
    {
        for (nint row = 0; row < rows; row++, target += size)
        {
            for (var i = 0; i < size; i += TSimd.Width)
                Masked<TSimd, TVector>.Store(target + i, Masked<TSimd, TVector>.Load(source.At(row, i), size - i), size - i);
        }

        new Span<float>(target, (EdgeTile<TSimd, TVector>.PaddedRows(rows) - rows) * size).Clear();
    }

    /// <summary>Packs positions as the right side of products: one panel (size, block).</summary>
    public static void PackBlock(float* panel, Operand source, int columns, int size) =>
        Packing<TSimd, TVector>.Pack(panel, source, BlockSize, columns, size);

    /// <summary>Packs the values of positions as the right side of products: panels (size / columns of a tile, depth, columns of a tile).</summary>
    /// <param name="source">With the head's values as rows.</param>
    public static void PackColumns(float* panels, Operand source, int size, int depth) =>
        Packing<TSimd, TVector>.PackAll(panels, source, BlockSize, size, depth);

    /// <summary>
    /// product (rows, block) = rows · right, from <paramref name="firstRow"/> on, which begins a tile. All rows of the last tile are
    /// written, so the product has <see cref="EdgeTile{TSimd, TVector}.PaddedRows"/> of them.
    /// </summary>
    /// <param name="left">As <see cref="CopyRows"/> has them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* product, float* left, float* right, int firstRow, int endRow, int size)
    {
        for (var row = firstRow; row < endRow; row += TSimd.TileRows)
        {
            var height = EdgeTile<TSimd, TVector>.PaddedHeight(Math.Min(TSimd.TileRows, endRow - row), TSimd.TileRows);
            EdgeTile<TSimd, TVector>.MultiplyWhole(height, size, left + ((nint)row * size), size, 1, right, product + ((nint)row * BlockSize), BlockSize, StoreMode.Write, squares: null, ahead: null);
        }
    }

    /// <summary>output (columns, size) = weightsᵀ · values for a block of queries, each of which sees the keys up to its own.</summary>
    /// <param name="stride">Floats from a row of the output to the next.</param>
    /// <param name="weights">(keys, block), with a tile's rows of readable memory behind its end.</param>
    /// <param name="first">The first query.</param>
    /// <param name="values">As <see cref="PackColumns"/> has them, of <paramref name="length"/> positions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyForQueries(float* output, nint stride, float* weights, int first, int columns, float* values, int length, int size)
    {
        for (var row = 0; row < columns; row += TSimd.TileRows)
        {
            var rows = Math.Min(TSimd.TileRows, columns - row);
            MultiplyTransposed(output + (row * stride), stride, weights + row, rows, values, length, first + row + rows, size);
        }
    }

    /// <summary>gradient (columns, size) = blockᵀ · panels for a block of keys, each of which is seen by the queries from its own on.</summary>
    /// <param name="stride">Floats from a row of the gradient to the next.</param>
    /// <param name="block">(queries, block) from the block's first position on, with a tile's rows of readable memory behind its end.</param>
    /// <param name="panels">As <see cref="PackColumns"/> has them, from the block's first position on.</param>
    /// <param name="length">The positions of the panels.</param>
    /// <param name="queryCount">The positions from the block's first on.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyForKeys(float* gradient, nint stride, float* block, int columns, float* panels, int length, int queryCount, int size)
    {
        for (nint row = 0; row < columns; row += TSimd.TileRows)
        {
            var unseen = row * BlockSize;
            MultiplyTransposed(
                gradient + (row * stride), stride, block + unseen + row, Math.Min(TSimd.TileRows, columns - (int)row), panels + unseen, length, queryCount - (int)row, size);
        }
    }

    /// <summary>target (rows, size) = some columns of a block (depth, block), transposed, · panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTransposed(float* target, nint stride, float* block, int rows, float* panels, int panelDepth, int depth, int size)
    {
        for (var column = 0; column < size; column += BlockSize)
        {
            EdgeTile<TSimd, TVector>.Multiply(
                depth, block, 1, BlockSize, panels + ((nint)column * panelDepth), target + column, stride, rows, Math.Min(BlockSize, size - column), StoreMode.Write, squares: null, ahead: null);
        }
    }
}
