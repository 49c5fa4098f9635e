using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>The destination of the sums over a range of K, and the work on them that follows.</summary>
    /// <param name="c">C, (M,N).</param>
    /// <param name="rowSums">Receives the sums of A's rows over K, (M), or null.</param>
    /// <param name="shape">M and N of the whole product, K of the range.</param>
    /// <param name="squares">Of the whole product, so only in its last range.</param>
    /// <param name="epilogue">Of the whole product, so only in its last range.</param>
    private readonly struct Output(
        float* c, float* rowSums, GemmShape shape, StoreMode store, SquaredNorm<TSimd, TVector> squares, Epilogue epilogue)
    {
        public int M => shape.M;

        public int N => shape.N;

        public int K => shape.K;

        /// <summary>Whether A's rows are summed, for which they must be packed.</summary>
        public bool HasRowSums => rowSums is not null;

        /// <summary>A part of this range of K: the first stores as the range does, the last is followed by the epilogue.</summary>
        public Output Part(int first, int length)
        {
            var partStore = first == 0 ? store : StoreMode.Add;
            return first + length == K
                ? new(c, rowSums, shape with { K = length }, partStore, squares, epilogue)
                : new(c, rowSums, shape with { K = length }, partStore, SquaredNorm<TSimd, TVector>.None, Epilogue.None);
        }

        /// <summary>Computes the tile that begins at a row and a column.</summary>
        /// <param name="a">At the tile's first row. Unpacked, it must have all rows of a full tile.</param>
        /// <param name="bPanel">A micro-panel (K, nr).</param>
        /// <param name="part">The part of C to which the tile's squares belong.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Multiply(in Operand a, int row, float* bPanel, int column, int part, Lookahead* lookahead)
        {
            var (height, width) = (Math.Min(Mr, M - row), Math.Min(Nr, N - column));
            Tile.Multiply(K, a, bPanel, At(row, column), N, height, width, store, squares.Of(part), lookahead);
            Finish(row, column, height, width);
        }

        /// <summary>Sums the rows of a packed micro-panel of A, if asked for.</summary>
        /// <param name="panel">With readable memory for a vector behind its end.</param>
        public void SumRows(in Operand panel, int row)
        {
            if (HasRowSums)
            {
                RowReduction.Run(
                    rowSums + row, panel.Data, (int)panel.KStride, Math.Min(Mr, M - row), K, accumulate: store == StoreMode.Add);
            }
        }

        /// <summary>An element of C.</summary>
        public float* At(int row, int column) => c + Offset(row, column);

        /// <summary>
        /// Prefetches the memory of a later part of C while the next tiles are computed: a store that misses the cache would hold up the
        /// tile after it.
        /// </summary>
        /// <param name="height">The rows of the part. C may end before them.</param>
        public void Prefetch(int row, int column, int height, int width, Lookahead* lookahead)
        {
            if (store == StoreMode.Stream || row >= M || column >= N)
                return;
            var companion = epilogue.Companion is null || epilogue.Companion == c ? null : epilogue.Companion + Offset(row, column);
            lookahead->PrefetchOutput(At(row, column), companion, N, Math.Min(height, M - row), Math.Min(width, N - column), K);
        }

        /// <summary>Applies the epilogue to a part of C that has been written.</summary>
        public void Finish(int row, int column, int height, int width)
        {
            if (!epilogue.IsEmpty)
                EpiloguePass.Apply(epilogue, At(row, column), Offset(row, column), column, N, height, width);
        }

        private nint Offset(int row, int column) => ((nint)row * N) + column;
    }
}
