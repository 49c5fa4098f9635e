using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>
    /// GEMM with unpacked weight, for a row-major B that is larger than A, such as the weight of a forward pass. A and B change sides:
    /// rows of B are read in place as the rows of tiles, against packed micro-panels of A, and the tiles are stored transposed.
    /// </summary>
    private static class UnpackedWeight
    {
        /// <summary>A group's rows of B then take 150 KB, and stay in a second-level cache for all of A.</summary>
        private const int Kc = 768;

        /// <summary>Tiles of B's rows that are stored together, so that rows of C get full vectors.</summary>
        private const int TilesInGroup = 4;

        /// <summary>Floats from a copied row to the next: one cache line more than a block, which avoids set conflicts.</summary>
        private const int CopyStride = Kc + CacheLine.Floats;

        private static int GroupRows => TilesInGroup * Mr;

        /// <summary>Whether a product is computed this way. Micro-panels of A that are mainly padding would be wasted work.</summary>
        public static bool IsFor(Operand b, GemmShape shape) =>
            b.Layout == OperandLayout.RowMajor && shape.M <= shape.N && shape.N >= GroupRows && 8 * (PaddedN(shape.M) - shape.M) <= shape.M;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Multiply(ThreadTeam team, Operand a, Operand b, Output output)
        {
            var blocks = new KBlocks(output.K, Kc);
            var aPanels = Scratch.Get(ScratchSlot.GemmSharedPanels, (nint)PaddedN(output.M) * output.K);
            PackTask.Run(team, aPanels, a, output.M, blocks, Nr);
            var chunk = ChunkSize.ForMultiplyAdds((long)output.M * GroupRows * output.K);
            team.For((output.N + GroupRows - 1) / GroupRows, chunk, new GroupsTask(output, blocks, aPanels, b));
        }

        /// <summary>Items are groups of tiles of B's rows.</summary>
        private readonly struct GroupsTask(Output output, KBlocks blocks, float* aPanels, Operand b) : IParallelTask
        {
            private readonly int m = output.M;
            private readonly int n = output.N;

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            public void Execute(int start, int end)
            {
                var sums = Scratch.Get(ScratchSlot.GemmThreadPanels, (nint)GroupRows * (PaddedN(m) + CopyStride));
                var lookahead = Lookahead.Idle;
                for (var column = start * GroupRows; column < Math.Min(n, end * GroupRows); column += GroupRows)
                {
                    for (var block = 0; block < blocks.Count; block++)
                        Multiply(block, column, Math.Min(n, end * GroupRows), sums, &lookahead);
                }
            }

            /// <summary>A block of K of a group.</summary>
            /// <param name="column">The group's first row of B, which is its first column of C.</param>
            /// <param name="end">The end of B's rows for this thread.</param>
            /// <param name="sums">(panels of A, rows of the group, nr), and behind them the copied rows.</param>
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private void Multiply(int block, int column, int end, float* sums, Lookahead* lookahead)
            {
                var (first, length) = (blocks.Start(block), blocks.Length(block));
                var store = block == 0 ? StoreMode.Write : StoreMode.Add;
                var height = Math.Min(GroupRows, n - column);
                var isLast = block == blocks.Count - 1;
                var (next, nextRows) = !isLast
                    ? (b.From(column, blocks.Start(block + 1)), height)
                    : (b.From(column + GroupRows, 0), Math.Min(GroupRows, end - column - GroupRows));
                var copies = sums + ((nint)GroupRows * PaddedN(m));
                var tiles = stackalloc Operand[TilesInGroup];
                for (var top = 0; top < height; top += Mr)
                    tiles[top / Mr] = Prepare(column + top, first, length, copies + ((nint)top * CopyStride));
                var fetched = 0;
                var panel = aPanels + ((nint)first * PaddedN(m));
                if (isLast)
                    output.Prefetch(0, column, Nr, GroupRows, lookahead);
                for (var row = 0; row < m; row += Nr, panel += (nint)Nr * length)
                {
                    var target = sums + ((nint)row * GroupRows);
                    if (isLast)
                        output.Prefetch(row + Nr, column, Nr, GroupRows, lookahead);
                    for (var top = 0; top < height; top += Mr, fetched += 2)
                    {
                        if (fetched + 1 < nextRows)
                            lookahead->PrefetchRows(next.From(fetched, 0), length);
                        Tile.MultiplyWhole(
                            Mr, length, tiles[top / Mr], panel, target + (top * Nr), Nr, store, squares: null, lookahead);
                    }

                    if (isLast)
                        Store(target, row, column, height);
                }
            }

            /// <summary>
            /// The rows of a tile: in place, or copied if they have set conflicts. A short tile, which only the last can be, is packed.
            /// </summary>
            private Operand Prepare(int row, int first, int length, float* copy)
            {
                var source = b.From(row, first);
                if (n - row < Mr)
                {
                    Packing.Pack(copy, source, Mr, n - row, length);
                    return Operand.MicroPanel(copy, Mr);
                }

                if (source.IsReadableInPlace)
                    return source;
                for (var i = 0; i < Mr; i++)
                    Unsafe.CopyBlockUnaligned(copy + (i * CopyStride), source.At(i, 0), (uint)length * sizeof(float));
                return Operand.RowMajor(copy, CopyStride);
            }

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private void Store(float* sums, int row, int column, int width)
            {
                var height = Math.Min(Nr, m - row);
                TransposedStore.Run(output.At(row, column), n, sums, width, height);
                output.Finish(row, column, height, width);
            }
        }
    }
}
