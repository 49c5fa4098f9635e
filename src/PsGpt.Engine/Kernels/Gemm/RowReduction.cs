using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>The sums of A's rows over K, the gradient of a bias, taken from the packed micro-panels of the weight's gradient.</summary>
    private static class RowReduction
    {
        /// <summary>Sums the rows of one micro-panel, four steps of K at once so that no addition waits for the one before it.</summary>
        /// <param name="sums">(rows).</param>
        /// <param name="panel">(K, height), with readable memory for a vector behind its end.</param>
        /// <param name="rows">The rows that the operand has, at most the height.</param>
        /// <param name="accumulate">Whether the sums are added to the values in memory.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run(float* sums, float* panel, int height, int rows, int depth, bool accumulate)
        {
            for (var row = 0; row < rows; row += TSimd.Width)
            {
                TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
                var value = panel + row;
                var k = 0;
                for (; k + 4 <= depth; k += 4, value += 4 * height)
                {
                    sum0 = TSimd.Add(sum0, TSimd.Load(value));
                    sum1 = TSimd.Add(sum1, TSimd.Load(value + height));
                    sum2 = TSimd.Add(sum2, TSimd.Load(value + (2 * height)));
                    sum3 = TSimd.Add(sum3, TSimd.Load(value + (3 * height)));
                }

                for (; k < depth; k++, value += height)
                    sum0 = TSimd.Add(sum0, TSimd.Load(value));
                var sum = TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3));
                if (accumulate)
                    sum = TSimd.Add(sum, TSimd.Load(sums + row, rows - row));
                TSimd.Store(sums + row, sum, rows - row);
            }
        }
    }
}
