using System.Runtime.CompilerServices;
using PsGpt.Kernels.Gemm;

namespace PsGpt.Kernels.Attention;

internal static unsafe partial class Attention<TSimd, TVector>
{
    /// <summary>Positions in a block of queries or keys: nr, the columns of a tile.</summary>
    private static int BlockSize => Gemm<TSimd, TVector>.Nr;

    /// <summary>
    /// The products of both directions of attention. Rows of positions are copied out of (B,T,3C), where they are pages apart, and read
    /// unpacked. Only the operands that need adjacent positions are transposed.
    /// </summary>
    private static class Products
    {
        /// <summary>The floats that <see cref="CopyRows"/> writes.</summary>
        public static nint RowsLength(int rows, int size) => (nint)Gemm<TSimd, TVector>.PaddedM(rows) * size;

        /// <summary>The floats that <see cref="PackColumns"/> writes.</summary>
        public static nint ColumnsLength(int depth, int size) => (nint)Gemm<TSimd, TVector>.PaddedN(size) * depth;

        /// <summary>Copies the rows of a head next to each other, as the A of products; rows that fill the last tile are 0.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void CopyRows(float* target, Operand source, int rows, int size)
        {
            for (nint row = 0; row < rows; row++, target += size)
            {
                for (var i = 0; i < size; i += TSimd.Width)
                {
                    var values = TSimd.Load(source.At(row, i), size - i);
                    TSimd.Store(target + i, values, size - i);
                }
            }

            new Span<float>(target, (Gemm<TSimd, TVector>.PaddedM(rows) - rows) * size).Clear();
        }

        /// <summary>Packs a block of positions as the B of products: one micro-panel (size, block).</summary>
        public static void PackBlock(float* panel, Operand source, int columns, int size) =>
            Gemm<TSimd, TVector>.Packing.Pack(panel, source, BlockSize, columns, size);

        /// <summary>Packs the values of positions as the B of products: micro-panels (size / nr, depth, nr).</summary>
        /// <param name="source">With the head's values as rows.</param>
        public static void PackColumns(float* panels, Operand source, int size, int depth) =>
            Gemm<TSimd, TVector>.Packing.PackB(panels, source, size, depth);

        /// <summary>
        /// product (rows, block) = rows · panel, from <paramref name="firstRow"/> on, which begins a tile. All rows of the last tile are
        /// written, so the product has a multiple of mr rows.
        /// </summary>
        /// <param name="rows">From <see cref="CopyRows"/>.</param>
        /// <param name="panel">From <see cref="PackBlock"/>.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Multiply(float* product, float* rows, float* panel, int firstRow, int endRow, int size)
        {
            for (var row = firstRow; row < endRow; row += TSimd.Mr)
            {
                Gemm<TSimd, TVector>.Tile.MultiplyWhole(
                    Gemm<TSimd, TVector>.TileHeight(endRow - row), size, Operand.RowMajor(rows + ((nint)row * size), size), panel,
                    product + ((nint)row * BlockSize), BlockSize, StoreMode.Write, squares: null, lookahead: null);
            }
        }

        /// <summary>
        /// output (columns, size) = Pᵀ · values for a block of queries. Each sees the keys up to its own position.
        /// </summary>
        /// <param name="stride">Floats from a row of the output to the next.</param>
        /// <param name="P">(keys, block), with mr floats of readable memory behind its end.</param>
        /// <param name="first">The first query.</param>
        /// <param name="values">From <see cref="PackColumns"/>, for <paramref name="length"/> positions.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void MultiplyForQueries(
            float* output, nint stride, float* P, int first, int columns, float* values, int length, int size)
        {
            for (var row = 0; row < columns; row += TSimd.Mr)
            {
                var rows = Math.Min(TSimd.Mr, columns - row);
                MultiplyTransposed(output + (row * stride), stride, P + row, rows, values, length, first + row + rows, size);
            }
        }

        /// <summary>
        /// gradient (columns, size) = blockᵀ · panels for a block of keys. Each is seen by the queries from its own position on.
        /// </summary>
        /// <param name="stride">Floats from a row of the gradient to the next.</param>
        /// <param name="block">(queries, block) from the block's first position on, with mr floats of readable memory behind its
        /// end.</param>
        /// <param name="panels">From <see cref="PackColumns"/>, from the block's first position on.</param>
        /// <param name="length">The positions of the panels.</param>
        /// <param name="queryCount">The positions from the block's first on.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void MultiplyForKeys(
            float* gradient, nint stride, float* block, int columns, float* panels, int length, int queryCount, int size)
        {
            for (nint row = 0; row < columns; row += TSimd.Mr)
            {
                var unseen = row * BlockSize;
                MultiplyTransposed(
                    gradient + (row * stride), stride, block + unseen + row, Math.Min(TSimd.Mr, columns - (int)row), panels + unseen,
                    length, queryCount - (int)row, size);
            }
        }

        /// <summary>target (rows, size) = columns of a block (depth, block), transposed, · panels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void MultiplyTransposed(
            float* target, nint stride, float* block, int rows, float* panels, int panelDepth, int depth, int size)
        {
            var transposed = Operand.TransposedBlock(block, BlockSize);
            for (var column = 0; column < size; column += BlockSize)
            {
                Gemm<TSimd, TVector>.Tile.Multiply(
                    depth, transposed, panels + ((nint)column * panelDepth), target + column, stride, rows,
                    Math.Min(BlockSize, size - column), StoreMode.Write, squares: null, lookahead: null);
            }
        }
    }
}
