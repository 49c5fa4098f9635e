using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>The sums of a packed operand's rows over the depth: the gradient of a bias, taken from the panels of the weight's gradient.</summary>
internal static unsafe class RowReduction<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Sums the rows of one panel, at four places of the depth at once, so that no addition waits for the one before it.</summary>
    /// <param name="sums">(rows).</param>
    /// <param name="panel">(depth, panelRows), with readable memory for a vector behind its end.</param>
    /// <param name="rows">The rows that the operand has, at most those of the panel.</param>
    /// <param name="isAdded">Whether they are added to what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Take(float* sums, float* panel, int panelRows, int rows, int depth, bool isAdded)
    {
        for (var row = 0; row < rows; row += TSimd.Width)
        {
            TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
            var value = panel + row;
            var k = 0;
            for (; k + 4 <= depth; k += 4, value += 4 * panelRows)
            {
                sum0 = TSimd.Add(sum0, TSimd.Load(value));
                sum1 = TSimd.Add(sum1, TSimd.Load(value + panelRows));
                sum2 = TSimd.Add(sum2, TSimd.Load(value + (2 * panelRows)));
                sum3 = TSimd.Add(sum3, TSimd.Load(value + (3 * panelRows)));
            }

            for (; k < depth; k++, value += panelRows)
                sum0 = TSimd.Add(sum0, TSimd.Load(value));
            var sum = TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3));
            if (isAdded)
                sum = TSimd.Add(sum, Masked<TSimd, TVector>.Load(sums + row, rows - row));
            Masked<TSimd, TVector>.Store(sums + row, sum, rows - row);
        }
    }
}
