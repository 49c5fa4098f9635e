using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

/// <summary>Packs an operand for all threads, block after block of the depth, items being panels of a block.</summary>
/// <remarks>A block's panels follow each other, each as long as a full one; the last may be lower where it is one of tile rows.</remarks>
/// <param name="panels">(blocks, panels, depth of the block, rows of a panel).</param>
/// <param name="rows">The rows that the operand has.</param>
internal readonly unsafe struct PackTask<TSimd, TVector>(float* panels, Operand source, int rows, KBlocks blocks, int panelRows) : IParallelTask
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly int panelCount = (rows + panelRows - 1) / panelRows;

    /// <summary>Packs everything with the threads of a team.</summary>
    public static void Run(ThreadTeam team, float* panels, Operand source, int rows, KBlocks blocks, int panelRows)
    {
        var task = new PackTask<TSimd, TVector>(panels, source, rows, blocks, panelRows);
        team.For(task.panelCount * blocks.Count, Math.Max(1, 16384 / (panelRows * blocks.Length(0))), task);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute(int start, int end)
    {
        for (var item = start; item < end; item++)
        {
            var block = item / panelCount;
            var row = (item - (block * panelCount)) * panelRows;
            var (first, length) = (blocks.Start(block), blocks.Length(block));
            var height = EdgeTile<TSimd, TVector>.PaddedHeight(Math.Min(panelRows, rows - row), panelRows);
            Packing<TSimd, TVector>.Pack(
                panels + ((nint)first * panelCount * panelRows) + ((nint)row * length), source.From(row, first), height, rows - row, length);
        }
    }
}
