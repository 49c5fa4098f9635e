using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>
    /// The tiles of A's rows that all threads read. Row-major rows are read in place, unless they have set conflicts. Other rows, and a
    /// last tile too short for the smallest micro-kernel, are packed first.
    /// </summary>
    /// <param name="panels">The packed rows from <paramref name="unpackedRows"/> on, (blocks, panels, K of the block, mr).</param>
    private readonly struct PackedA(Operand a, int m, int unpackedRows, float* panels)
    {
        /// <summary>Packs with the threads of a team. Rows that are summed must be packed.</summary>
        /// <param name="blocks">Of the section's K.</param>
        public static PackedA Prepare(ThreadTeam team, Operand a, Output section, KBlocks blocks)
        {
            var unpackedRows = a.IsReadableInPlace && !section.HasRowSums ? RowsOfWholeTiles(section.M) : 0;
            var packedRows = section.M - unpackedRows;

            // Row sums read a vector at the end of a panel.
            var panels = Scratch.Get(ScratchSlot.GemmSharedPanels, ((nint)PaddedM(packedRows) * section.K) + TSimd.Width);
            PackTask.Run(team, panels, a.From(unpackedRows, 0), packedRows, blocks, Mr);
            return new PackedA(a, section.M, unpackedRows, panels);
        }

        /// <summary>The tile that begins at a row, over one block of K.</summary>
        /// <param name="first">The block's first step.</param>
        /// <param name="length">The block's length.</param>
        public Operand At(int row, int first, int length)
        {
            if (row < unpackedRows)
                return a.From(row, first);
            var panel = panels + ((nint)first * PaddedM(m - unpackedRows)) + ((nint)(row - unpackedRows) * length);
            return Operand.MicroPanel(panel, TileHeight(m - row));
        }

        /// <summary>The rows of tiles whose micro-kernel computes no more rows than there are.</summary>
        private static int RowsOfWholeTiles(int m)
        {
            var last = m % Mr;
            return last > 0 && TileHeight(last) > last ? m - last : m;
        }
    }
}
