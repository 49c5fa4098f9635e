using System.Runtime.CompilerServices;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>
    /// GEMM with shared packed A, for M &lt; N: each thread takes micro-panels of B, two at a time, and multiplies them with all of A.
    /// So B, usually a weight, is read from memory once, and its packed form never leaves the caches.
    /// </summary>
    private static class SharedPackedA
    {
        /// <summary>
        /// The maximum K between two passes over A: a section of A takes some megabytes and stays in a third-level cache.
        /// </summary>
        public const int MaxSection = 4 * Kc;

        /// <summary>Four micro-panels of B, two in use and two packed ahead, take 384 KiB and stay in a second-level cache.</summary>
        private const int Kc = 768;

        /// <summary>
        /// Micro-panels of B that a thread takes at once: a row of B, usually in a page of its own, is visited once for both.
        /// </summary>
        private const int PanelsAtOnce = 2;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Multiply(ThreadTeam team, Operand a, Operand b, Output section)
        {
            var blocks = new KBlocks(section.K, Kc);
            var tiles = PackedA.Prepare(team, a, section, blocks);
            if (section.HasRowSums)
                team.For(TilesDown(section.M), ChunkSize.ForMultiplyAdds((long)Mr * section.K), new RowSumsTask(section, blocks, tiles));
            var chunk = ChunkSize.ForMultiplyAdds((long)section.M * Nr * section.K);
            team.For(TilesAcross(section.N), chunk, new ColumnsTask(section, blocks, tiles, b));
        }

        /// <summary>Items are tiles of A's rows.</summary>
        private readonly struct RowSumsTask(Output section, KBlocks blocks, PackedA tiles) : IParallelTask
        {
            public void Execute(int start, int end)
            {
                for (var row = start * Mr; row < Math.Min(end * Mr, section.M); row += Mr)
                {
                    for (var block = 0; block < blocks.Count; block++)
                    {
                        var (first, length) = (blocks.Start(block), blocks.Length(block));
                        section.Part(first, length).SumRows(tiles.At(row, first, length), row);
                    }
                }
            }
        }

        /// <summary>Items are micro-panels of B.</summary>
        private readonly struct ColumnsTask(Output section, KBlocks blocks, PackedA tiles, Operand b) : IParallelTask
        {
            private nint PanelSize => (nint)Nr * blocks.Kc;

            /// <summary>While the tiles of some panels are computed they pack the next ones, if packing is only copying.</summary>
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            public void Execute(int start, int end)
            {
                var own = Scratch.Get(ScratchSlot.GemmThreadPanels, 2 * PanelsAtOnce * PanelSize);
                var lookahead = Lookahead.Idle;
                var isPacked = false;
                var turn = 0;
                for (var panel = start; panel < end; panel += PanelsAtOnce)
                {
                    var count = Math.Min(PanelsAtOnce, end - panel);
                    for (var block = 0; block < blocks.Count; block++, turn++)
                    {
                        var panels = own + ((turn & 1) * PanelsAtOnce * PanelSize);
                        var nextPanels = own + ((~turn & 1) * PanelsAtOnce * PanelSize);
                        if (isPacked)
                            lookahead.Finish();
                        else
                            Pack(panels, panel, count, block);
                        isPacked = block + 1 < blocks.Count
                            ? TryPackAhead(nextPanels, panel, count, block + 1, &lookahead)
                            : TryPackAhead(nextPanels, panel + count, Math.Min(PanelsAtOnce, end - panel - count), 0, &lookahead);
                        Multiply(panels, panel, count, block, &lookahead);
                    }
                }
            }

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private void Multiply(float* panels, int firstPanel, int count, int block, Lookahead* lookahead)
            {
                var (first, length) = (blocks.Start(block), blocks.Length(block));
                var part = section.Part(first, length);
                var column = firstPanel * Nr;
                part.Prefetch(0, column, Mr, Nr, lookahead);
                for (var row = 0; row < part.M; row += Mr)
                {
                    for (var i = 0; i < count; i++)
                    {
                        var (nextRow, next) = i + 1 < count ? (row, i + 1) : (row + Mr, 0);
                        part.Prefetch(nextRow, column + (next * Nr), Mr, Nr, lookahead);
                        var tile = tiles.At(row, first, length);
                        part.Multiply(tile, row, panels + (i * PanelSize), column + (i * Nr), firstPanel + i, lookahead);
                    }
                }
            }

            private void Pack(float* panels, int panel, int count, int block)
            {
                for (var i = 0; i < count; i++)
                {
                    var column = (panel + i) * Nr;
                    var source = b.From(column, blocks.Start(block));
                    Packing.Pack(panels + (i * PanelSize), source, Nr, section.N - column, blocks.Length(block));
                }
            }

            private bool TryPackAhead(float* panels, int panel, int count, int block, Lookahead* lookahead)
            {
                if (count == 0 || b.Layout != OperandLayout.ColumnMajor || section.N < (panel + count) * Nr)
                    return false;
                var source = b.From(panel * Nr, blocks.Start(block));
                lookahead->PackB(panels, PanelSize, source, blocks.Length(block), count, PanelsAtOnce * TilesDown(section.M));
                return true;
            }
        }
    }
}
