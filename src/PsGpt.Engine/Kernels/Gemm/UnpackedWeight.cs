using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// A product for a B that is much the larger operand and whose rows lie along the depth, as the weight of a forward pass does: its
/// rows are read where they are, as the rows of tiles, against packed panels of A, and the tiles are written transposed.
/// </summary>
internal static unsafe class UnpackedWeight<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>A group's rows of B take 150 KB then, and stay in a second-level cache for all of A.</summary>
    private const int LongestBlock = 768;

    /// <summary>Tiles of B's rows that are written together, so that rows of the product get whole vectors.</summary>
    private const int TilesInGroup = 4;

    /// <summary>Floats from a row to the next where rows are copied: one line more than a block, so that they do not collide.</summary>
    private const int CopyStride = LongestBlock + CacheLine.Floats;

    private static int GroupRows => TilesInGroup * TSimd.TileRows;

    private static int PanelColumns => EdgeTile<TSimd, TVector>.Columns;

    /// <summary>Whether a product is computed so. Rows of A that fill their panels badly would be wasted work.</summary>
    public static bool IsFor(Operand b, int rows, int columns) =>
        b.DepthStride == 1 && rows <= columns && columns >= GroupRows && 8 * (Padded(rows) - rows) <= rows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ThreadTeam team, GemmBlock<TSimd, TVector> whole, Operand a, Operand b)
    {
        var (rows, depth) = (whole.Rows, whole.Depth);
        var blocks = new KBlocks(depth, LongestBlock);
        var shared = Scratch.Get(ScratchSlot.SharedPanels, (nint)Padded(rows) * depth);
        PackTask<TSimd, TVector>.Run(team, shared, a, rows, blocks, PanelColumns);
        var groups = (whole.Columns + GroupRows - 1) / GroupRows;
        var grain = ChunkSize.ForMultiplyAdds((long)rows * GroupRows * depth);
        team.For(groups, grain, new GroupsTask(whole, blocks, shared, b));
    }

    private static int Padded(int rows) => EdgeTile<TSimd, TVector>.CountAcross(rows) * PanelColumns;

    /// <summary>Items are groups of tiles of B's rows.</summary>
    private readonly struct GroupsTask(GemmBlock<TSimd, TVector> whole, KBlocks blocks, float* aPanels, Operand b) : IParallelTask
    {
        private readonly int rows = whole.Rows;
        private readonly int columns = whole.Columns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var sums = Scratch.Get(ScratchSlot.OwnPanels, (nint)GroupRows * (Padded(rows) + CopyStride));
            var ahead = default(Lookahead<TSimd, TVector>);
            for (var column = start * GroupRows; column < Math.Min(columns, end * GroupRows); column += GroupRows)
            {
                for (var block = 0; block < blocks.Count; block++)
                    Multiply(block, column, Math.Min(columns, end * GroupRows), sums, &ahead);
            }
        }

        /// <summary>A block of a group: sums (panels of A, rows of the group, columns of a tile).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Multiply(int block, int column, int end, float* sums, Lookahead<TSimd, TVector>* ahead)
        {
            var (first, length) = (blocks.Start(block), blocks.Length(block));
            var store = block == 0 ? StoreMode.Write : StoreMode.Add;
            var height = Math.Min(GroupRows, columns - column);
            var isLast = block == blocks.Count - 1;
            var (next, nextRows) = !isLast ? (b.From(column, blocks.Start(block + 1)), height) : (b.From(column + GroupRows, 0), Math.Min(GroupRows, end - column - GroupRows));
            var copies = sums + ((nint)GroupRows * Padded(rows));
            var tiles = stackalloc Operand[TilesInGroup];
            for (var top = 0; top < height; top += TSimd.TileRows)
                tiles[top / TSimd.TileRows] = Prepare(column + top, first, length, copies + ((nint)top * CopyStride));
            var fetched = 0;
            var panel = aPanels + ((nint)first * Padded(rows));
            if (isLast)
                whole.FetchAhead(0, column, PanelColumns, GroupRows, ahead);
            for (var row = 0; row < rows; row += PanelColumns, panel += (nint)PanelColumns * length)
            {
                var target = sums + ((nint)row * GroupRows);
                if (isLast)
                    whole.FetchAhead(row + PanelColumns, column, PanelColumns, GroupRows, ahead);
                for (var top = 0; top < height; top += TSimd.TileRows, fetched += 2)
                {
                    if (fetched + 1 < nextRows)
                        ahead->Fetch(next.From(fetched, 0), length);
                    ref readonly var tile = ref tiles[top / TSimd.TileRows];
                    EdgeTile<TSimd, TVector>.MultiplyWhole(
                        TSimd.TileRows, length, tile.Data, tile.RowStride, tile.DepthStride, panel, target + (top * PanelColumns), PanelColumns, store, squares: null, ahead);
                }

                if (isLast)
                    Write(target, row, column, height);
            }
        }

        /// <summary>
        /// The rows of a tile: in place, or copied where they would collide in a cache. Too few of them, which can only be those of the last
        /// tile, are packed.
        /// </summary>
        private Operand Prepare(int row, int first, int length, float* copy)
        {
            var source = b.From(row, first);
            if (columns - row < TSimd.TileRows)
            {
                Packing<TSimd, TVector>.Pack(copy, source, TSimd.TileRows, columns - row, length);
                return Operand.Panel(copy, TSimd.TileRows);
            }

            if (source.IsReadableInPlace)
                return source;
            for (var i = 0; i < TSimd.TileRows; i++)
                Unsafe.CopyBlockUnaligned(copy + (i * CopyStride), source.At(i, 0), (uint)length * sizeof(float));
            return new Operand(copy, CopyStride, 1);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Write(float* sums, int row, int column, int width)
        {
            var height = Math.Min(PanelColumns, rows - row);
            TransposedStore<TSimd, TVector>.Store(whole.At(row, column), columns, sums, width, height);
            whole.Finish(row, column, height, width);
        }
    }
}
