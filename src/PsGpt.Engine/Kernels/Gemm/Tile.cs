using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>
    /// One tile of C: the micro-kernel of its height and of A's layout, and the edge case, a tile that no micro-kernel fits.
    /// </summary>
    /// <remarks>The parts of an operand come one by one, as <see cref="MicroKernel{TRows, TPanel}"/> explains.</remarks>
    internal static class Tile
    {
        /// <summary>C (height, width) = A · B, or C + A · B, for a tile up to (mr, nr); nothing outside it is touched.</summary>
        /// <param name="a">At the tile's first row. Unpacked, it must have all rows of the micro-kernel.</param>
        /// <param name="layout">Any but column-major.</param>
        /// <param name="b">A packed micro-panel (K, nr).</param>
        /// <param name="ldc">Floats from a row of C to the next.</param>
        /// <param name="squares">A vector to which the squares of the stored values are added, or null.</param>
        /// <param name="lookahead">Work beside the tile's own, or null.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Multiply(
            int k, float* a, nint rowStride, OperandLayout layout, float* b, float* c, nint ldc, int height, int width, StoreMode store,
            float* squares, Lookahead* lookahead)
        {
            var paddedHeight = TileHeight(height);
            if (height == paddedHeight && width == Nr)
            {
                MultiplyWhole(paddedHeight, k, a, rowStride, layout, b, c, ldc, store, squares, lookahead);
                return;
            }

            var whole = stackalloc float[LargestTile.Floats];
            nint wholeStride = Nr;
            MultiplyWhole(paddedHeight, k, a, rowStride, layout, b, whole, wholeStride, StoreMode.Write, squares: null, lookahead);
            var sum = TSimd.Zero;
            for (var row = 0; row < height; row++)
            {
                for (var column = 0; column < width; column += TSimd.Width)
                {
                    var target = c + (row * ldc) + column;
                    var value = TSimd.Load(whole + (row * wholeStride) + column);
                    if (store == StoreMode.Add)
                        value = TSimd.Add(Masked<TSimd, TVector>.Load(target, width - column), value);
                    Masked<TSimd, TVector>.Store(target, value, width - column);
                    sum = TSimd.MultiplyAdd(value, value, sum);
                }
            }

            if (squares is not null)
                TSimd.Store(squares, TSimd.Add(TSimd.Load(squares), sum));
        }

        /// <summary>The same for a tile of a micro-kernel's height and full width.</summary>
        public static void MultiplyWhole(
            int height, int k, float* a, nint rowStride, OperandLayout layout, float* b, float* c, nint ldc, StoreMode store,
            float* squares, Lookahead* lookahead)
        {
            switch (height)
            {
                case 12:
                    MultiplyRows<TwelveRows>(k, a, rowStride, layout, b, c, ldc, store, squares, lookahead);
                    break;
                case 8:
                    MultiplyRows<EightRows>(k, a, rowStride, layout, b, c, ldc, store, squares, lookahead);
                    break;
                case 6:
                    MultiplyRows<SixRows>(k, a, rowStride, layout, b, c, ldc, store, squares, lookahead);
                    break;
                default:
                    MultiplyRows<FourRows>(k, a, rowStride, layout, b, c, ldc, store, squares, lookahead);
                    break;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void MultiplyRows<TRows>(
            int k, float* a, nint rowStride, OperandLayout layout, float* b, float* c, nint ldc, StoreMode store, float* squares,
            Lookahead* lookahead)
            where TRows : struct, ITileHeight
        {
            if (layout == OperandLayout.RowMajor)
                MicroKernel<TRows, UnpackedMicroPanel>.Multiply(k, a, rowStride, b, c, ldc, store, squares, lookahead);
            else if (layout == OperandLayout.TransposedBlock)
                MicroKernel<TRows, TransposedMicroPanel>.Multiply(k, a, rowStride, b, c, ldc, store, squares, lookahead);
            else
                MicroKernel<TRows, PackedMicroPanel<TRows>>.Multiply(k, a, rowStride, b, c, ldc, store, squares, lookahead);
        }
    }
}
