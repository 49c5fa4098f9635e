using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>Copies rows of an operand into a panel (depth, panelRows), in which the register tile reads straight on.</summary>
internal static unsafe class PanelPacking<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Packs one panel. Rows from <paramref name="validRows"/> on are 0, so that the tile can compute them and nobody looks.</summary>
    /// <param name="panel">(depth, panelRows), written whole.</param>
    /// <param name="source">The operand's element at the panel's first row and first depth.</param>
    public static void Pack(float* panel, Operand source, int panelRows, int validRows, int depth)
    {
        if (source.RowStride == 1)
            CopyRows(panel, source, panelRows, validRows, depth);
        else
            TransposeRows(panel, source, panelRows, validRows, depth);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows(float* panel, Operand source, int panelRows, int validRows, int depth)
    {
        var data = source.Data;
        if (validRows == 2 * TSimd.Width && panelRows == validRows)
        {
            for (var k = 0; k < depth; k++, data += source.DepthStride, panel += panelRows)
            {
                TSimd.Store(panel, TSimd.Load(data));
                TSimd.Store(panel + TSimd.Width, TSimd.Load(data + TSimd.Width));
            }

            return;
        }

        for (var k = 0; k < depth; k++, data += source.DepthStride, panel += panelRows)
        {
            Unsafe.CopyBlockUnaligned(panel, data, (uint)validRows * sizeof(float));
            for (var row = validRows; row < panelRows; row++)
                panel[row] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeRows(float* panel, Operand source, int panelRows, int validRows, int depth)
    {
        var row = 0;
        for (; row + TSimd.Width <= validRows; row += TSimd.Width)
        {
            var k = 0;
            for (; k + TSimd.Width <= depth; k += TSimd.Width)
                TSimd.Transpose(source.At(row, k), source.RowStride, panel + ((nint)k * panelRows) + row, panelRows);
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
