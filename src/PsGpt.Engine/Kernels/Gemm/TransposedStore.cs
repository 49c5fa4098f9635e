using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>Writes the transpose of a block (rows, nr) that micro-kernels have written.</summary>
    private static class TransposedStore
    {
        /// <summary>target (columns, rows) = source (rows, nr), transposed.</summary>
        /// <param name="stride">Floats from a row of the target to the next.</param>
        /// <param name="columns">The columns of the source that are written, at most nr.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run(float* target, nint stride, float* source, int rows, int columns)
        {
            nint sourceStride = Nr;
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
}
