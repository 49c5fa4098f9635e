using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// The rows of a product's A as tiles that all threads read. Rows that lie along the depth are read where they are, unless they would
/// collide in a cache; others, and those of a last tile that is lower than one can be, are packed before.
/// </summary>
/// <param name="panels">The packed rows from <paramref name="inPlaceRows"/> on, (blocks, panels, depth of the block, rows of a panel).</param>
internal readonly unsafe struct TilesOfA<TSimd, TVector>(Operand a, int rows, int inPlaceRows, float* panels)
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Packs what has to be packed, with the threads of a team. Rows that are summed must be.</summary>
    /// <param name="blocks">Of the section's depth.</param>
    public static TilesOfA<TSimd, TVector> Prepare(ThreadTeam team, GemmBlock<TSimd, TVector> section, Operand a, KBlocks blocks)
    {
        var inPlaceRows = a.IsReadableInPlace && !section.HasRowSums ? RowsOfWholeTiles(section.Rows) : 0;
        var packedRows = section.Rows - inPlaceRows;
        var panels = Scratch.Get(ScratchSlot.SharedPanels, ((nint)EdgeTile<TSimd, TVector>.PaddedRows(packedRows) * section.Depth) + TSimd.Width);
        PackTask<TSimd, TVector>.Run(team, panels, a.From(inPlaceRows, 0), packedRows, blocks, TSimd.TileRows);
        return new TilesOfA<TSimd, TVector>(a, section.Rows, inPlaceRows, panels);
    }

    /// <summary>The tile that begins at a row, and at a depth at which a block does.</summary>
    /// <param name="length">The depth of the block.</param>
    public Operand At(int row, int first, int length)
    {
        if (row < inPlaceRows)
            return a.From(row, first);
        var height = EdgeTile<TSimd, TVector>.PaddedHeight(Math.Min(TSimd.TileRows, rows - row), TSimd.TileRows);
        return Operand.Panel(panels + ((nint)first * EdgeTile<TSimd, TVector>.PaddedRows(rows - inPlaceRows)) + ((nint)(row - inPlaceRows) * length), height);
    }

    /// <summary>The rows of tiles that need no more rows than there are.</summary>
    private static int RowsOfWholeTiles(int rows)
    {
        var last = rows % TSimd.TileRows;
        return last > 0 && EdgeTile<TSimd, TVector>.PaddedHeight(last, TSimd.TileRows) > last ? rows - last : rows;
    }
}
