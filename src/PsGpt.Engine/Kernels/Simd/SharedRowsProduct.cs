using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>
/// A product whose A has fewer rows than B: each thread takes panels of B, one after the other, and multiplies them with all of A. So
/// B, a weight matrix mostly, is read from memory once and its packed form never leaves the caches.
/// </summary>
internal static unsafe class SharedRowsProduct<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The most of the depth that A is read again and again for: some megabytes, which stay in a third-level cache.</summary>
    public const int LongestDepth = 4 * LongestBlock;

    /// <summary>Two panels of B are 192 KiB then, which stay in a second-level cache; the product is written in few passes.</summary>
    private const int LongestBlock = 768;

    private static int PanelColumns => ProductTile<TSimd, TVector>.Columns;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ThreadTeam team, ProductBlock<TSimd, TVector> section, Operand a, Operand b)
    {
        var blocks = new DepthBlocks(section.Depth, LongestBlock);
        var tiles = SharedTiles<TSimd, TVector>.Prepare(team, section, a, blocks);
        if (section.HasRowSums)
            team.For(ProductTile<TSimd, TVector>.CountDown(section.Rows), Product<TSimd, TVector>.Grain((long)TSimd.TileRows * section.Depth), new RowSumsTask(section, blocks, tiles));
        var grain = Product<TSimd, TVector>.Grain((long)section.Rows * PanelColumns * section.Depth);
        team.For(ProductTile<TSimd, TVector>.CountAcross(section.Columns), grain, new ColumnsTask(section, blocks, tiles, b));
    }

    /// <summary>Items are tiles of A's rows.</summary>
    private readonly struct RowSumsTask(ProductBlock<TSimd, TVector> section, DepthBlocks blocks, SharedTiles<TSimd, TVector> tiles) : IParallelTask
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
    private readonly struct ColumnsTask(ProductBlock<TSimd, TVector> section, DepthBlocks blocks, SharedTiles<TSimd, TVector> tiles, Operand b) : IParallelTask
    {
        /// <summary>While the tiles of a panel are computed they pack the next one, where its rows need only be copied.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var size = (nint)PanelColumns * blocks.Longest;
            var own = Scratch.Get(ScratchSlot.OwnPanels, 2 * size);
            var ahead = default(TileAhead<TSimd, TVector>);
            var isPacked = false;
            var last = (end * blocks.Count) - 1;
            for (var item = start * blocks.Count; item <= last; item++)
            {
                var panel = own + ((item & 1) * size);
                var (column, first, length) = Locate(item);
                if (isPacked)
                    ahead.Finish();
                else
                    PanelPacking<TSimd, TVector>.Pack(panel, b.From(column, first), PanelColumns, section.Columns - column, length);
                isPacked = item < last && TryPackAhead(Locate(item + 1), own + ((~item & 1) * size), &ahead);
                Multiply(section.Part(first, length), first, panel, column, &ahead);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Multiply(ProductBlock<TSimd, TVector> block, int first, float* panel, int column, TileAhead<TSimd, TVector>* ahead)
        {
            block.FetchAhead(0, column, TSimd.TileRows, PanelColumns, ahead);
            for (var row = 0; row < block.Rows; row += TSimd.TileRows)
            {
                block.FetchAhead(row + TSimd.TileRows, column, TSimd.TileRows, PanelColumns, ahead);
                block.Multiply(tiles.At(row, first, block.Depth), row, panel, column, column / PanelColumns, ahead);
            }
        }

        private bool TryPackAhead((int Column, int First, int Length) next, float* panel, TileAhead<TSimd, TVector>* ahead)
        {
            var isCopied = b.RowStride == 1 && section.Columns - next.Column >= PanelColumns;
            if (isCopied)
                ahead->Pack(panel, b.From(next.Column, next.First), next.Length);
            return isCopied;
        }

        /// <summary>A panel and a block of its depth; the blocks of a panel follow each other.</summary>
        private (int Column, int First, int Length) Locate(int item)
        {
            var panel = item / blocks.Count;
            var block = item - (panel * blocks.Count);
            return (panel * PanelColumns, blocks.Start(block), blocks.Length(block));
        }
    }
}
