using System.Runtime.CompilerServices;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>Packs an operand with all threads, block after block of K. Items are micro-panels of a block.</summary>
    /// <remarks>A block's panels are adjacent, each as long as a full one; the last of A's may be lower.</remarks>
    /// <param name="panels">(blocks, panels, K of the block, panelRows).</param>
    /// <param name="panelRows">mr for A, nr for B.</param>
    private readonly struct PackTask(float* panels, Operand source, int rows, KBlocks blocks, int panelRows) : IParallelTask
    {
        private readonly int panelCount = (rows + panelRows - 1) / panelRows;

        public static void Run(ThreadTeam team, float* panels, Operand source, int rows, KBlocks blocks, int panelRows)
        {
            var task = new PackTask(panels, source, rows, blocks, panelRows);
            team.For(task.panelCount * blocks.Count, ChunkSize.ForFloats(panelRows * blocks.Length(0)), task);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (var item = start; item < end; item++)
            {
                var block = item / panelCount;
                var row = (item - (block * panelCount)) * panelRows;
                var (first, length) = (blocks.Start(block), blocks.Length(block));
                var height = panelRows == Nr ? Nr : TileHeight(rows - row);
                var panel = panels + ((nint)first * panelCount * panelRows) + ((nint)row * length);
                Packing.Pack(panel, source.From(row, first), height, rows - row, length);
            }
        }
    }
}
