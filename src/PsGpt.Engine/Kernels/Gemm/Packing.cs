using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>Copies rows of an operand into a panel (depth, panelRows), in which the register tile reads straight on.</summary>
internal static unsafe class Packing<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Steps of the depth before its copy that one is asked for: what a forward pass has left is mostly in no near cache any more.</summary>
    private const int StepsAhead = 8;

    /// <summary>Packs one panel. Rows that the operand does not have are 0, so that the tile can compute them and nobody looks.</summary>
    /// <param name="panel">(depth, panelRows), written whole, and nothing behind it.</param>
    /// <param name="source">The operand's element at the panel's first row and first depth.</param>
    /// <param name="rowsLeft">The rows that the operand has from the panel's first on; they may be more than the panel takes.</param>
    public static void Pack(float* panel, Operand source, int panelRows, int rowsLeft, int depth)
    {
        var validRows = Math.Min(panelRows, rowsLeft);
        if (source.RowStride == 1)
            CopyRows(panel, source, panelRows, validRows, rowsLeft, depth);
        else
            TransposeRows(panel, source, panelRows, validRows, rowsLeft, depth);
    }

    /// <summary>Packs all rows of an operand into panels that follow each other. Where rows lie side by side they are read straight on.</summary>
    /// <param name="panels">(panels, depth, panelRows), <paramref name="panelRows"/> being the columns of a tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackAll(float* panels, Operand source, int panelRows, int rows, int depth)
    {
        var copiedRows = source.RowStride == 1 ? rows / panelRows * panelRows : 0;
        if (copiedRows > 0)
            CopyAll(panels, source, panelRows, copiedRows, depth);
        for (var row = copiedRows; row < rows; row += panelRows)
            Pack(panels + ((nint)row * depth), source.From(row, 0), panelRows, rows - row, depth);
    }

    /// <summary>Packs the rows of one tile, as low as the tile may be that holds them.</summary>
    /// <param name="panel">(depth, rows of a tile) at most.</param>
    /// <param name="source">The operand's element at the tile's first row and first depth.</param>
    /// <param name="rowsLeft">The rows that the operand has from there on.</param>
    /// <returns>The panel as an operand.</returns>
    public static Operand PackTile(float* panel, Operand source, int rowsLeft, int depth)
    {
        var height = EdgeTile<TSimd, TVector>.PaddedHeight(Math.Min(TSimd.TileRows, rowsLeft), TSimd.TileRows);
        Pack(panel, source, height, rowsLeft, depth);
        return Operand.Panel(panel, height);
    }

    /// <summary>
    /// Whether a panel that is lower than a vector is wide can be written in whole vectors: each writes over the end of its row,
    /// and the next one, in ascending order, puts that right. The last row must be written exactly, or the panel have room behind it.
    /// </summary>
    public static bool IsOverlapped(int panelRows, int rowsLeft) => panelRows < TSimd.Width && rowsLeft >= TSimd.Width;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyAll(float* panels, Operand source, int panelRows, int rows, int depth)
    {
        var ahead = StepsAhead * source.DepthStride;
        for (var k = 0; k < depth; k++)
        {
            var data = source.At(0, k);
            var panel = panels + ((nint)k * panelRows);
            for (var row = 0; row < rows; row += panelRows, panel += (nint)panelRows * depth)
            {
                CacheLine.Prefetch(data + row + ahead);
                CacheLine.Prefetch(data + row + ahead + TSimd.Width);
                TSimd.Store(panel, TSimd.Load(data + row));
                TSimd.Store(panel + TSimd.Width, TSimd.Load(data + row + TSimd.Width));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows(float* panel, Operand source, int panelRows, int validRows, int rowsLeft, int depth)
    {
        var data = source.Data;
        var k = 0;
        if (validRows == EdgeTile<TSimd, TVector>.Columns && panelRows == validRows)
        {
            for (; k < depth; k++, data += source.DepthStride, panel += panelRows)
            {
                TSimd.Store(panel, TSimd.Load(data));
                TSimd.Store(panel + TSimd.Width, TSimd.Load(data + TSimd.Width));
            }

            return;
        }

        if (IsOverlapped(panelRows, rowsLeft))
        {
            for (; k < depth - 1; k++, data += source.DepthStride, panel += panelRows)
                TSimd.Store(panel, TSimd.Load(data));
        }

        for (; k < depth; k++, data += source.DepthStride, panel += panelRows)
        {
            Unsafe.CopyBlockUnaligned(panel, data, (uint)validRows * sizeof(float));
            for (var row = validRows; row < panelRows; row++)
                panel[row] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeRows(float* panel, Operand source, int panelRows, int validRows, int rowsLeft, int depth)
    {
        if (IsOverlapped(panelRows, rowsLeft))
        {
            var k = 0;
            for (; k + TSimd.Width < depth; k += TSimd.Width)
                TSimd.Transpose(source.At(0, k), source.RowStride, panel + ((nint)k * panelRows), panelRows);
            panel += (nint)k * panelRows;
            source = source.From(0, k);
            depth -= k;
        }

        var row = 0;
        for (; row + TSimd.Width <= validRows; row += TSimd.Width)
        {
            var k = 0;
            for (; k + TSimd.Width <= depth; k += TSimd.Width)
            {
                Fetch(source.From(row + TSimd.Width, k));
                TSimd.Transpose(source.At(row, k), source.RowStride, panel + ((nint)k * panelRows) + row, panelRows);
            }

            CopyElements(panel, source, panelRows, row, row + TSimd.Width, k, depth);
        }

        // Panels of A are lower than a vector is wide: squares of four.
        for (; row + 4 <= validRows; row += 4)
        {
            var k = 0;
            for (; k + 4 <= depth; k += 4)
                Simd128.Transpose(source.At(row, k), source.RowStride, panel + ((nint)k * panelRows) + row, panelRows);
            CopyElements(panel, source, panelRows, row, row + 4, k, depth);
        }

        CopyElements(panel, source, panelRows, row, validRows, 0, depth);
        for (var k = 0; k < depth; k++)
        {
            for (var empty = validRows; empty < panelRows; empty++)
                panel[((nint)k * panelRows) + empty] = 0;
        }
    }

    /// <summary>Asks for the next square, where there is one: the processor does not foresee a step from the end of rows to the start of others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(Operand square)
    {
        for (var row = 0; row < TSimd.Width; row++)
            CacheLine.Prefetch(square.At(row, 0));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyElements(float* panel, Operand source, int panelRows, int firstRow, int endRow, int firstDepth, int endDepth)
    {
        for (var row = firstRow; row < endRow; row++)
        {
            for (var k = firstDepth; k < endDepth; k++)
                panel[((nint)k * panelRows) + row] = *source.At(row, k);
        }
    }
}
