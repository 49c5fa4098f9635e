using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>
    /// One tile of C: the micro-kernel of its height and of A's layout, and the edge case, a tile that no micro-kernel fits.
    /// </summary>
    internal static class Tile
    {
        /// <summary>C (height, width) = A · B, or C + A · B, for a tile up to (mr, nr); nothing outside it is touched.</summary>
        /// <param name="a">At the tile's first row, not column-major. Unpacked, it must have all rows of the micro-kernel.</param>
        /// <param name="b">A packed micro-panel (K, nr).</param>
        /// <param name="ldc">Floats from a row of C to the next.</param>
        /// <param name="squares">A vector to which the squares of the stored values are added, or null.</param>
        /// <param name="lookahead">Work beside the tile's own, or null.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Multiply(
            int k, in Operand a, float* b, float* c, nint ldc, int height, int width, StoreMode store, float* squares,
            Lookahead* lookahead)
        {
            var paddedHeight = TileHeight(height);
            if (height == paddedHeight && width == Nr)
            {
                MultiplyWhole(paddedHeight, k, a, b, c, ldc, store, squares, lookahead);
                return;
            }

            var whole = stackalloc float[LargestTile.Floats];
            nint wholeStride = Nr;
            MultiplyWhole(paddedHeight, k, a, b, whole, wholeStride, StoreMode.Write, squares: null, lookahead);
            var sum = TSimd.Zero;
            for (var row = 0; row < height; row++)
            {
                for (var column = 0; column < width; column += TSimd.Width)
                {
                    var target = c + (row * ldc) + column;
                    var value = TSimd.Load(whole + (row * wholeStride) + column);
                    if (store == StoreMode.Add)
                        value = TSimd.Add(TSimd.Load(target, width - column), value);
                    TSimd.Store(target, value, width - column);
                    sum = TSimd.MultiplyAdd(value, value, sum);
                }
            }

            if (squares is not null)
                TSimd.Store(squares, TSimd.Add(TSimd.Load(squares), sum));
        }

        /// <summary>The same for a tile of a micro-kernel's height and full width.</summary>
        public static void MultiplyWhole(
            int height, int k, in Operand a, float* b, float* c, nint ldc, StoreMode store, float* squares, Lookahead* lookahead)
        {
            switch (height)
            {
                case 12:
                    MultiplyRows<TwelveRows>(k, a, b, c, ldc, store, squares, lookahead);
                    break;
                case 8:
                    MultiplyRows<EightRows>(k, a, b, c, ldc, store, squares, lookahead);
                    break;
                case 6:
                    MultiplyRows<SixRows>(k, a, b, c, ldc, store, squares, lookahead);
                    break;
                default:
                    MultiplyRows<FourRows>(k, a, b, c, ldc, store, squares, lookahead);
                    break;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void MultiplyRows<TRows>(
            int k, in Operand a, float* b, float* c, nint ldc, StoreMode store, float* squares, Lookahead* lookahead)
            where TRows : struct, ITileHeight
        {
            if (a.Layout == OperandLayout.RowMajor)
                MicroKernel<TRows, UnpackedMicroPanel>.Multiply(k, a.Data, a.RowStride, b, c, ldc, store, squares, lookahead);
            else if (a.Layout == OperandLayout.TransposedBlock)
                MicroKernel<TRows, TransposedMicroPanel>.Multiply(k, a.Data, a.RowStride, b, c, ldc, store, squares, lookahead);
            else
                MicroKernel<TRows, PackedMicroPanel<TRows>>.Multiply(k, a.Data, a.RowStride, b, c, ldc, store, squares, lookahead);
        }
    }
}
