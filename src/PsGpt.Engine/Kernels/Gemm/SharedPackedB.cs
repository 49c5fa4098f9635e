using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// A product whose A has at least as many rows as B: B is packed; then each thread takes rows of A and multiplies them with all of B.
/// </summary>
internal static unsafe class SharedPackedB<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Tiles of A's rows that a thread takes at once: packed 150 KB, well within a second-level cache.</summary>
    private const int MostOwnTiles = 8;

    private const int LongestBlock = 384;

    /// <summary>Twice that where the shared operand still fits a second-level cache: the product is written in fewer passes.</summary>
    private const int LongestSmallBlock = 768;

    private const int MostSharedFloats = 1 << 18;

    private const int MostInPlaceColumns = 1024;

    private static int PanelColumns => EdgeTile<TSimd, TVector>.Columns;

    /// <summary>The most of the depth that is multiplied at once.</summary>
    public static int LongestDepth(int columns) => (long)columns * LongestSmallBlock <= MostSharedFloats ? LongestSmallBlock : LongestBlock;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ThreadTeam team, GemmBlock<TSimd, TVector> block, Operand a, Operand b)
    {
        var panels = PanelsOfB<TSimd, TVector>.Prepare(team, b, block.Columns, block.Depth);
        team.For(EdgeTile<TSimd, TVector>.CountDown(block.Rows), ChunkSize.ForMultiplyAdds((long)block.Columns * TSimd.TileRows * block.Depth), new RowsTask(block, panels, a));
    }

    /// <summary>Items are tiles of A's rows.</summary>
    private readonly struct RowsTask(GemmBlock<TSimd, TVector> block, PanelsOfB<TSimd, TVector> panels, Operand a) : IParallelTask
    {
        /// <summary>Floats from a packed tile to the next: packing writes a vector over the end of a tile.</summary>
        private nint TileSize => ((nint)TSimd.TileRows * block.Depth) + TSimd.Width;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var bPanels = panels.Get();
            var groupSize = MostOwnTiles * TileSize;
            var own = Scratch.Get(ScratchSlot.OwnPanels, 2 * groupSize);
            var tiles = stackalloc Operand[MostOwnTiles];
            var ahead = default(Lookahead<TSimd, TVector>);
            var packed = 0;
            for (var turn = 0; start < end; start += MostOwnTiles, turn++)
            {
                var ownTiles = own + ((turn & 1) * groupSize);
                var count = Math.Min(MostOwnTiles, end - start);
                for (var tile = 0; tile < count; tile++)
                {
                    var panel = ownTiles + (tile * TileSize);
                    tiles[tile] = tile < packed ? Operand.Panel(panel, TSimd.TileRows) : Prepare((start + tile) * TSimd.TileRows, panel);
                    block.SumRows(tiles[tile], (start + tile) * TSimd.TileRows);
                }

                packed = Multiply(bPanels, tiles, start, count, Math.Min(MostOwnTiles, end - start - count), own + ((~turn & 1) * groupSize), &ahead);
            }
        }

        /// <summary>Multiplies a group of tiles with all of B, and packs the next group beside.</summary>
        /// <param name="nextCount">The tiles of the next group.</param>
        /// <returns>How many of them were packed.</returns>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Multiply(float* bPanels, Operand* tiles, int start, int count, int nextCount, float* nextPanels, Lookahead<TSimd, TVector>* ahead)
        {
            var packed = CountPackedAhead((start + count) * TSimd.TileRows, nextCount);
            if (packed > 0)
                ahead->PackTiles(nextPanels, TileSize, a.From((start + count) * TSimd.TileRows, 0), block.Depth, packed, count * EdgeTile<TSimd, TVector>.CountAcross(block.Columns));
            for (var column = 0; column < block.Columns; column += PanelColumns)
            {
                for (var tile = 0; tile < count; tile++)
                {
                    var (next, nextColumn) = tile + 1 < count ? (tile + 1, column) : (0, column + PanelColumns);
                    block.FetchAhead((start + next) * TSimd.TileRows, nextColumn, TSimd.TileRows, PanelColumns, ahead);
                    block.Multiply(tiles[tile], (start + tile) * TSimd.TileRows, bPanels + ((nint)column * block.Depth), column, start + tile, ahead);
                }
            }

            ahead->Finish();
            return packed;
        }

        /// <summary>How many tiles from a row on are packed beside the tiles before them: those from which whole vectors can be read.</summary>
        private int CountPackedAhead(int row, int tileCount)
        {
            if (a.RowStride != 1 || a.DepthStride == 1)
                return 0;
            while (tileCount > 0 && !Packing<TSimd, TVector>.IsOverlapped(TSimd.TileRows, block.Rows - row - ((tileCount - 1) * TSimd.TileRows)))
                tileCount--;
            return tileCount;
        }

        /// <summary>
        /// The rows of a tile. Where they lie along the depth they need not be packed; read again and again, for many columns, or
        /// colliding in a cache, they are faster packed.
        /// </summary>
        private Operand Prepare(int row, float* panel)
        {
            var rows = block.Rows - row;
            if (a.IsReadableInPlace && rows >= TSimd.TileRows && block.Columns <= MostInPlaceColumns && !block.HasRowSums)
                return a.From(row, 0);
            return Packing<TSimd, TVector>.PackTile(panel, a.From(row, 0), rows, block.Depth);
        }
    }
}
