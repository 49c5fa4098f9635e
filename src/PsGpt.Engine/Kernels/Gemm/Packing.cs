using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>Packs rows of an operand into micro-panels (K, height), which a micro-kernel reads from front to back.</summary>
    internal static class Packing
    {
        /// <summary>Prefetch distance in steps of K: by now the activations have usually left the first two caches.</summary>
        private const int Distance = 8;

        /// <summary>Packs one micro-panel. Rows that the operand lacks are 0, so that the micro-kernel can compute them.</summary>
        /// <param name="panel">(K, height), written whole, and nothing behind it.</param>
        /// <param name="source">At the panel's first row and first step.</param>
        /// <param name="rowsLeft">The operand's rows from the panel's first on; there may be more than the panel takes.</param>
        public static void Pack(float* panel, Operand source, int height, int rowsLeft, int k)
        {
            var validRows = Math.Min(height, rowsLeft);
            if (source.Layout == OperandLayout.RowMajor)
                TransposeRows(panel, source, height, validRows, rowsLeft, k);
            else
                CopyRows(panel, source, height, validRows, rowsLeft, k);
        }

        /// <summary>Packs all rows of B into micro-panels (panels, K, nr). Adjacent rows are read from front to back.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void PackB(float* panels, Operand b, int n, int k)
        {
            var copiedRows = b.Layout == OperandLayout.RowMajor ? 0 : n / Nr * Nr;
            if (copiedRows > 0)
                CopyPanels(panels, b, copiedRows, k);
            for (var row = copiedRows; row < n; row += Nr)
                Pack(panels + ((nint)row * k), b.From(row, 0), Nr, n - row, k);
        }

        /// <summary>Packs the rows of one tile of A for the smallest micro-kernel that holds them.</summary>
        /// <param name="panel">Room for (K, mr).</param>
        /// <param name="source">At the tile's first row and first step.</param>
        /// <param name="rowsLeft">The operand's rows from there on.</param>
        public static Operand PackTileOfA(float* panel, Operand source, int rowsLeft, int k)
        {
            var height = TileHeight(rowsLeft);
            Pack(panel, source, height, rowsLeft, k);
            return Operand.MicroPanel(panel, height);
        }

        /// <summary>
        /// Whether a panel lower than a vector can be written in full vectors: each writes over the end of its step, and the next one, in
        /// ascending order, puts that right. The last step must be written exactly, unless the panel has room behind it.
        /// </summary>
        public static bool IsOverlapped(int height, int rowsLeft) => height < TSimd.Width && rowsLeft >= TSimd.Width;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void CopyPanels(float* panels, Operand source, int rows, int depth)
        {
            var ahead = Distance * source.KStride;
            for (var k = 0; k < depth; k++)
            {
                var data = source.At(0, k);
                var panel = panels + ((nint)k * Nr);
                for (var row = 0; row < rows; row += Nr, panel += (nint)Nr * depth)
                {
                    CacheLine.Prefetch(data + row + ahead);
                    CacheLine.Prefetch(data + row + ahead + TSimd.Width);
                    TSimd.Store(panel, TSimd.Load(data + row));
                    TSimd.Store(panel + TSimd.Width, TSimd.Load(data + row + TSimd.Width));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void CopyRows(float* panel, Operand source, int height, int validRows, int rowsLeft, int depth)
        {
            var data = source.Data;
            var k = 0;
            if (validRows == Nr && height == validRows)
            {
                for (; k < depth; k++, data += source.KStride, panel += height)
                {
                    TSimd.Store(panel, TSimd.Load(data));
                    TSimd.Store(panel + TSimd.Width, TSimd.Load(data + TSimd.Width));
                }

                return;
            }

            if (IsOverlapped(height, rowsLeft))
            {
                for (; k < depth - 1; k++, data += source.KStride, panel += height)
                    TSimd.Store(panel, TSimd.Load(data));
            }

            for (; k < depth; k++, data += source.KStride, panel += height)
            {
                Unsafe.CopyBlockUnaligned(panel, data, (uint)validRows * sizeof(float));
                for (var row = validRows; row < height; row++)
                    panel[row] = 0;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void TransposeRows(float* panel, Operand source, int height, int validRows, int rowsLeft, int depth)
        {
            if (IsOverlapped(height, rowsLeft))
            {
                var done = 0;
                for (; done + TSimd.Width < depth; done += TSimd.Width)
                    TSimd.Transpose(source.At(0, done), source.RowStride, panel + ((nint)done * height), height);
                panel += (nint)done * height;
                source = source.From(0, done);
                depth -= done;
            }

            var row = 0;
            for (; row + TSimd.Width <= validRows; row += TSimd.Width)
            {
                var k = 0;
                for (; k + TSimd.Width <= depth; k += TSimd.Width)
                {
                    PrefetchSquare(source.From(row + TSimd.Width, k));
                    TSimd.Transpose(source.At(row, k), source.RowStride, panel + ((nint)k * height) + row, height);
                }

                CopyElements(panel, source, height, row, row + TSimd.Width, k, depth);
            }

            // Micro-panels of A are lower than a vector: squares of four.
            for (; row + 4 <= validRows; row += 4)
            {
                var k = 0;
                for (; k + 4 <= depth; k += 4)
                    Simd128.Transpose(source.At(row, k), source.RowStride, panel + ((nint)k * height) + row, height);
                CopyElements(panel, source, height, row, row + 4, k, depth);
            }

            CopyElements(panel, source, height, row, validRows, 0, depth);
            for (var k = 0; k < depth; k++)
            {
                for (var empty = validRows; empty < height; empty++)
                    panel[((nint)k * height) + empty] = 0;
            }
        }

        /// <summary>
        /// Prefetches the next square, if any: the processor does not foresee the jump from the end of rows to the start of others.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void PrefetchSquare(Operand square)
        {
            for (var row = 0; row < TSimd.Width; row++)
                CacheLine.Prefetch(square.At(row, 0));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void CopyElements(float* panel, Operand source, int height, int firstRow, int endRow, int firstK, int endK)
        {
            for (var row = firstRow; row < endRow; row++)
            {
                for (var k = firstK; k < endK; k++)
                    panel[((nint)k * height) + row] = *source.At(row, k);
            }
        }
    }
}
