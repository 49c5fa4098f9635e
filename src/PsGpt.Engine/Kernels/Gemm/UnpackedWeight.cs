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
        /// <summary>kc if K has one block: a group's rows of B then take 150 KB.</summary>
        private const int Kc = 768;

        /// <summary>kc if K has several: a thread's part of A's block then leaves room for sums in a second-level cache.</summary>
        private const int KcOfDeepProduct = 512;

        /// <summary>Tiles of B's rows that are stored together, so that rows of C get full vectors.</summary>
        private const int TilesInGroup = 4;

        /// <summary>With fewer rows of A in a part, too few tiles would be left to prefetch the next rows of B beside them.</summary>
        private const int MinPartRows = 192;

        /// <summary>Floats from a copied row to the next: one cache line more than a block, which avoids set conflicts.</summary>
        private const int CopyStride = Kc + CacheLine.Floats;

        private static int GroupRows => TilesInGroup * Mr;

        /// <summary>Whether a product is computed this way. Micro-panels of A that are mainly padding would be wasted work.</summary>
        public static bool IsFor(Operand b, GemmShape shape) =>
            b.Layout == OperandLayout.RowMajor && shape.M <= shape.N && shape.N >= GroupRows && 8 * (PaddedN(shape.M) - shape.M) <= shape.M;

        /// <summary>
        /// Block after block of K: the next block is packed into the memory of the one before, which the caches still hold.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Multiply(ThreadTeam team, Operand a, Operand b, Output output)
        {
            var blocks = new KBlocks(output.K, output.K <= Kc ? Kc : KcOfDeepProduct);
            var panels = Scratch.Get(ScratchSlot.GemmSharedPanels, (nint)PaddedN(output.M) * Math.Min(output.K, blocks.Kc));
            var parts = new Parts(output, team.ThreadCount);
            var sums = blocks.Count == 1 ? null : Scratch.Get(ScratchSlot.GemmSums, (nint)parts.ItemCount * parts.Rows * GroupRows);
            for (var block = 0; block < blocks.Count; block++)
            {
                var (first, length) = (blocks.Start(block), blocks.Length(block));
                PackTask.Run(team, panels, a.From(0, first), output.M, new KBlocks(length, length), Nr);
                var store = block == 0 ? StoreMode.Write : StoreMode.Add;
                var task = new GroupsTask(
                    output.Part(first, length), b.From(0, first), panels, parts, sums, store, isLast: block == blocks.Count - 1);
                team.For(parts.ItemCount, ChunkSize.ForMultiplyAdds((long)parts.Rows * GroupRows * length), task);
            }
        }

        /// <summary>
        /// C in parts of some rows of A and a group of B's rows each. A thread has rows of A of its own, unless they are few, so that it
        /// packs what it reads, and its second-level cache need not hold all of A.
        /// </summary>
        private readonly struct Parts
        {
            public Parts(Output output, int threadCount)
            {
                var count = Math.Clamp(output.M / MinPartRows, 1, threadCount);
                Rows = PaddedN((output.M + count - 1) / count);
                GroupCount = (output.N + GroupRows - 1) / GroupRows;
                ItemCount = GroupCount * ((output.M + Rows - 1) / Rows);
            }

            /// <summary>The rows of A in a part.</summary>
            public int Rows { get; }

            /// <summary>The groups of B's rows.</summary>
            public int GroupCount { get; }

            /// <summary>The parts: all groups with the first rows of A, then all groups with the next.</summary>
            public int ItemCount { get; }
        }

        /// <summary>A block of K. Items are <see cref="Parts"/>.</summary>
        /// <param name="output">Of this block.</param>
        /// <param name="panels">The micro-panels of A.</param>
        /// <param name="sums">(parts, panels of A, rows of the group, nr) if K has several blocks, else null.</param>
        private readonly struct GroupsTask(
            Output output, Operand b, float* panels, Parts parts, float* sums, StoreMode store, bool isLast) : IParallelTask
        {
            private readonly int m = output.M;
            private readonly int n = output.N;
            private readonly int k = output.K;

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            public void Execute(int start, int end)
            {
                var own = Scratch.Get(ScratchSlot.GemmThreadPanels, (nint)GroupRows * (parts.Rows + CopyStride));
                var copies = own + ((nint)GroupRows * parts.Rows);
                var lookahead = Lookahead.Idle;
                for (var item = start; item < end; item++)
                {
                    var (part, group) = Math.DivRem(item, parts.GroupCount);
                    var column = group * GroupRows;
                    var groupsLeft = Math.Min(end - item, parts.GroupCount - group);
                    var endColumn = Math.Min(n, column + (groupsLeft * GroupRows));
                    var target = sums is null ? own : sums + ((nint)item * parts.Rows * GroupRows);
                    Multiply(part * parts.Rows, column, endColumn, target, copies, &lookahead);
                }
            }

            /// <param name="firstRow">The part's first row of A.</param>
            /// <param name="column">The group's first row of B, which is its first column of C.</param>
            /// <param name="endColumn">The end of B's rows for this thread.</param>
            /// <param name="target">(panels of A, rows of the group, nr).</param>
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private void Multiply(int firstRow, int column, int endColumn, float* target, float* copies, Lookahead* lookahead)
            {
                var height = Math.Min(GroupRows, n - column);
                var (next, nextRows) = (b.From(column + GroupRows, 0), Math.Min(GroupRows, endColumn - column - GroupRows));
                var tiles = stackalloc Operand[TilesInGroup];
                for (var top = 0; top < height; top += Mr)
                    tiles[top / Mr] = Prepare(column + top, copies + ((nint)top * CopyStride));
                var fetched = 0;
                var panel = panels + ((nint)firstRow * k);
                var endRow = Math.Min(m, firstRow + parts.Rows);
                PrefetchOutput(firstRow, endRow, column, lookahead);
                for (var row = firstRow; row < endRow; row += Nr, panel += (nint)Nr * k, target += (nint)Nr * GroupRows)
                {
                    PrefetchOutput(row + Nr, endRow, column, lookahead);
                    for (var top = 0; top < height; top += Mr, fetched += 2)
                    {
                        if (fetched + 1 < nextRows)
                            lookahead->PrefetchRows(next.From(fetched, 0), k);
                        Tile.MultiplyWhole(Mr, k, tiles[top / Mr], panel, target + (top * Nr), Nr, store, squares: null, lookahead);
                    }

                    if (isLast)
                        Store(target, row, column, height);
                }
            }

            private void PrefetchOutput(int row, int endRow, int column, Lookahead* lookahead)
            {
                if (isLast && row < endRow)
                    output.Prefetch(row, column, Nr, GroupRows, lookahead);
            }

            /// <summary>
            /// The rows of a tile: in place, or copied if they have set conflicts. A short tile, which only the last can be, is packed.
            /// </summary>
            private Operand Prepare(int row, float* copy)
            {
                var source = b.From(row, 0);
                if (n - row < Mr)
                {
                    Packing.Pack(copy, source, Mr, n - row, k);
                    return Operand.MicroPanel(copy, Mr);
                }

                if (source.IsReadableInPlace)
                    return source;
                for (var i = 0; i < Mr; i++)
                    Unsafe.CopyBlockUnaligned(copy + (i * CopyStride), source.At(i, 0), (uint)k * sizeof(float));
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
