using System.Runtime.CompilerServices;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>GEMM with shared packed B, for M ≥ N: each thread takes rows of A and multiplies them with all of B.</summary>
    private static class SharedPackedB
    {
        /// <summary>Tiles of A's rows that a thread takes at once: packed they take 150 KB, well within a second-level cache.</summary>
        private const int TilesAtOnce = 8;

        /// <summary>The smaller kc, for a B that fills a second-level cache.</summary>
        private const int KcOfLargeB = 384;

        /// <summary>The larger kc, for a B that fits such a cache anyway: C is then written in fewer passes.</summary>
        private const int KcOfSmallB = 768;

        private const int MaxFloatsOfSmallB = 1 << 18;

        private const int MaxColumnsInPlace = 1024;

        /// <summary>kc: the maximum K that is multiplied at once.</summary>
        public static int Kc(int n) => (long)n * KcOfSmallB <= MaxFloatsOfSmallB ? KcOfSmallB : KcOfLargeB;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Multiply(ThreadTeam team, Operand a, Operand b, Output block)
        {
            var panels = PackedB.Prepare(team, b, block.N, block.K);
            team.For(TilesDown(block.M), ChunkSize.ForMultiplyAdds((long)block.N * Mr * block.K), new RowsTask(block, panels, a));
        }

        /// <summary>Items are tiles of A's rows.</summary>
        private readonly struct RowsTask(Output block, PackedB panels, Operand a) : IParallelTask
        {
            /// <summary>Floats from a packed tile to the next: packing writes a vector over the end of a tile.</summary>
            private nint TileSize => ((nint)Mr * block.K) + TSimd.Width;

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            public void Execute(int start, int end)
            {
                var bPanels = panels.Get();
                var groupSize = TilesAtOnce * TileSize;
                var own = Scratch.Get(ScratchSlot.GemmThreadPanels, 2 * groupSize);
                var tiles = stackalloc Operand[TilesAtOnce];
                var lookahead = Lookahead.Idle;
                var packed = 0;
                for (var turn = 0; start < end; start += TilesAtOnce, turn++)
                {
                    var ownTiles = own + ((turn & 1) * groupSize);
                    var nextTiles = own + ((~turn & 1) * groupSize);
                    var count = Math.Min(TilesAtOnce, end - start);
                    for (var tile = 0; tile < count; tile++)
                    {
                        var row = (start + tile) * Mr;
                        var panel = ownTiles + (tile * TileSize);
                        tiles[tile] = tile < packed ? Operand.MicroPanel(panel, Mr) : Prepare(row, panel);
                        block.SumRows(tiles[tile], row);
                    }

                    packed = Multiply(bPanels, tiles, start, count, Math.Min(TilesAtOnce, end - start - count), nextTiles, &lookahead);
                }
            }

            /// <summary>Multiplies a group of tiles with all of B, and packs the next group beside it.</summary>
            /// <param name="nextCount">The tiles of the next group.</param>
            /// <returns>How many of them were packed.</returns>
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private int Multiply(
                float* bPanels, Operand* tiles, int start, int count, int nextCount, float* nextPanels, Lookahead* lookahead)
            {
                var nextStart = (start + count) * Mr;
                var packed = CountPackedAhead(nextStart, nextCount);
                if (packed > 0)
                    lookahead->PackA(nextPanels, TileSize, a.From(nextStart, 0), block.K, packed, count * TilesAcross(block.N));
                for (var column = 0; column < block.N; column += Nr)
                {
                    for (var tile = 0; tile < count; tile++)
                    {
                        var (next, nextColumn) = tile + 1 < count ? (tile + 1, column) : (0, column + Nr);
                        block.Prefetch((start + next) * Mr, nextColumn, Mr, Nr, lookahead);
                        var bPanel = bPanels + ((nint)column * block.K);
                        block.Multiply(tiles[tile], (start + tile) * Mr, bPanel, column, start + tile, lookahead);
                    }
                }

                lookahead->Finish();
                return packed;
            }

            /// <summary>The number of tiles from a row on that are packed ahead: those from which full vectors can be read.</summary>
            private int CountPackedAhead(int row, int tileCount)
            {
                if (a.Layout != OperandLayout.ColumnMajor)
                    return 0;
                while (tileCount > 0 && !Packing.IsOverlapped(Mr, block.M - row - ((tileCount - 1) * Mr)))
                    tileCount--;
                return tileCount;
            }

            /// <summary>
            /// The rows of a tile. Row-major rows need no packing, but with many columns, which read them again and again, or with set
            /// conflicts they are faster packed.
            /// </summary>
            private Operand Prepare(int row, float* panel)
            {
                var rows = block.M - row;
                if (a.IsReadableInPlace && rows >= Mr && block.N <= MaxColumnsInPlace && !block.HasRowSums)
                    return a.From(row, 0);
                return Packing.PackTileOfA(panel, a.From(row, 0), rows, block.K);
            }
        }
    }
}
