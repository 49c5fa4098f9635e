using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// A product whose A has fewer rows than B: each thread takes panels of B, two at a time, and multiplies them with all of A. So B, a weight
/// matrix mostly, is read from memory once and its packed form never leaves the caches.
/// </summary>
internal static unsafe class SharedPackedA<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The most of the depth that A is read again and again for: some megabytes, which stay in a third-level cache.</summary>
    public const int LongestDepth = 4 * LongestBlock;

    /// <summary>Those panels of B and the next are 384 KiB then, which stay in a second-level cache; the product is written in few passes.</summary>
    private const int LongestBlock = 768;

    /// <summary>Panels of B that a thread takes at once: a row of B, mostly in a page of its own, is visited once for both.</summary>
    private const int MostOwnPanels = 2;

    private static int PanelColumns => EdgeTile<TSimd, TVector>.Columns;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ThreadTeam team, GemmBlock<TSimd, TVector> section, Operand a, Operand b)
    {
        var blocks = new KBlocks(section.Depth, LongestBlock);
        var tiles = TilesOfA<TSimd, TVector>.Prepare(team, section, a, blocks);
        if (section.HasRowSums)
            team.For(EdgeTile<TSimd, TVector>.CountDown(section.Rows), ChunkSize.ForMultiplyAdds((long)TSimd.TileRows * section.Depth), new RowSumsTask(section, blocks, tiles));
        var grain = ChunkSize.ForMultiplyAdds((long)section.Rows * PanelColumns * section.Depth);
        team.For(EdgeTile<TSimd, TVector>.CountAcross(section.Columns), grain, new ColumnsTask(section, blocks, tiles, b));
    }

    /// <summary>Items are tiles of A's rows.</summary>
    private readonly struct RowSumsTask(GemmBlock<TSimd, TVector> section, KBlocks blocks, TilesOfA<TSimd, TVector> tiles) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (var row = start * TSimd.TileRows; row < Math.Min(end * TSimd.TileRows, section.Rows); row += TSimd.TileRows)
            {
                for (var block = 0; block < blocks.Count; block++)
                {
                    var (first, length) = (blocks.Start(block), blocks.Length(block));
                    section.Part(first, length).SumRows(tiles.At(row, first, length), row);
                }
            }
        }
    }

    /// <summary>Items are panels of B.</summary>
    private readonly struct ColumnsTask(GemmBlock<TSimd, TVector> section, KBlocks blocks, TilesOfA<TSimd, TVector> tiles, Operand b) : IParallelTask
    {
        private nint PanelSize => (nint)PanelColumns * blocks.Longest;

        /// <summary>While the tiles of some panels are computed they pack the next ones, where their rows need only be copied.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var own = Scratch.Get(ScratchSlot.OwnPanels, 2 * MostOwnPanels * PanelSize);
            var ahead = default(Lookahead<TSimd, TVector>);
            var isPacked = false;
            var turn = 0;
            for (var panel = start; panel < end; panel += MostOwnPanels)
            {
                var count = Math.Min(MostOwnPanels, end - panel);
                for (var block = 0; block < blocks.Count; block++, turn++)
                {
                    var panels = own + ((turn & 1) * MostOwnPanels * PanelSize);
                    var nextPanels = own + ((~turn & 1) * MostOwnPanels * PanelSize);
                    if (isPacked)
                        ahead.Finish();
                    else
                        Pack(panels, panel, count, block);
                    isPacked = block + 1 < blocks.Count
                        ? TryPackAhead(nextPanels, panel, count, block + 1, &ahead)
                        : TryPackAhead(nextPanels, panel + count, Math.Min(MostOwnPanels, end - panel - count), 0, &ahead);
                    Multiply(panels, panel, count, block, &ahead);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Multiply(float* panels, int firstPanel, int count, int block, Lookahead<TSimd, TVector>* ahead)
        {
            var (first, length) = (blocks.Start(block), blocks.Length(block));
            var part = section.Part(first, length);
            var column = firstPanel * PanelColumns;
            part.FetchAhead(0, column, TSimd.TileRows, PanelColumns, ahead);
            for (var row = 0; row < part.Rows; row += TSimd.TileRows)
            {
                for (var i = 0; i < count; i++)
                {
                    var (nextRow, next) = i + 1 < count ? (row, i + 1) : (row + TSimd.TileRows, 0);
                    part.FetchAhead(nextRow, column + (next * PanelColumns), TSimd.TileRows, PanelColumns, ahead);
                    part.Multiply(tiles.At(row, first, length), row, panels + (i * PanelSize), column + (i * PanelColumns), firstPanel + i, ahead);
                }
            }
        }

        private void Pack(float* panels, int panel, int count, int block)
        {
            for (var i = 0; i < count; i++)
            {
                var column = (panel + i) * PanelColumns;
                Packing<TSimd, TVector>.Pack(panels + (i * PanelSize), b.From(column, blocks.Start(block)), PanelColumns, section.Columns - column, blocks.Length(block));
            }
        }

        private bool TryPackAhead(float* panels, int panel, int count, int block, Lookahead<TSimd, TVector>* ahead)
        {
            if (count == 0 || b.RowStride != 1 || section.Columns < (panel + count) * PanelColumns)
                return false;
            ahead->Pack(panels, PanelSize, b.From(panel * PanelColumns, blocks.Start(block)), blocks.Length(block), count, MostOwnPanels * EdgeTile<TSimd, TVector>.CountDown(section.Rows));
            return true;
        }
    }
}
