using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>
    /// One or a few rows of input against a weight. Memory is the limit, so nothing is packed: four rows of the weight are read once and
    /// stay in the first-level cache for all rows of input, while the next four are prefetched. Four rows of input share the loads of the
    /// weight; each has the same sum as alone.
    /// </summary>
    internal static class Gemv
    {
        /// <summary>output = input · weightᵀ + bias + residual, then the activation of the epilogue, if any.</summary>
        public static void Multiply(
            ThreadTeam team, float* output, float* input, float* weight, in Epilogue epilogue, MatMulShape shape)
        {
            Multiply<FloatRows<TSimd, TVector>, FloatRow<TSimd, TVector>>(
                team, output, input, new(weight, shape.K), epilogue.Bias, epilogue.Residual, shape);
            var activation = new Epilogue { Activated = epilogue.Activated, Activation = epilogue.Activation };
            if (!activation.IsEmpty)
                EpiloguePass.Apply(activation, output, 0, 0, shape.N, shape.M, shape.N);
        }

        /// <summary>output = input · weightᵀ + bias + residual, however the weight is stored.</summary>
        public static void Multiply<TRows, TRow>(
            ThreadTeam team, float* output, float* input, TRows weight, float* bias, float* residual, MatMulShape shape)
            where TRows : struct, IRows<TRow>
            where TRow : struct, IRow<TVector>
        {
            var task = new WeightRowsTask<TRows, TRow>(output, input, weight, bias, residual, shape);
            team.For(shape.N, ChunkSize.ForFloats(weight.FloatCount), task);
        }

        /// <summary>Items are rows of the weight.</summary>
        private readonly struct WeightRowsTask<TRows, TRow>(
            float* output, float* input, TRows weight, float* bias, float* residual, MatMulShape shape) : IParallelTask
            where TRows : struct, IRows<TRow>
            where TRow : struct, IRow<TVector>
        {
            /// <summary>The rows of the weight that are computed side by side.</summary>
            private const int GroupHeight = 4;

            private readonly int rowCount = shape.M;
            private readonly int inputCount = shape.K;
            private readonly int outputCount = shape.N;

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            public void Execute(int start, int end)
            {
                var sums = stackalloc float[2 * GroupHeight];
                nint n = start;
                for (; n + GroupHeight <= end; n += GroupHeight)
                    MultiplyGroup(n, sums);
                for (; n < end; n++)
                {
                    for (nint row = 0; row < rowCount; row++)
                        Store(row, n, RowProducts<TSimd, TVector>.OfOne(input + (row * inputCount), weight.Row(n), inputCount));
                }
            }

            /// <summary>Four rows of the weight. The calls share the work to prefetch the four that follow.</summary>
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private void MultiplyGroup(nint n, float* sums)
            {
                var (steps, groupFloats) = (inputCount / TSimd.Width, GroupHeight * weight.FloatCount);
                var callCount = (2 * (rowCount / 4)) + (rowCount % 4);
                var lines = steps == 0 ? 0 : CacheLine.Count(groupFloats, callCount * steps);
                var (row0, row1, row2, row3) = (weight.Row(n), weight.Row(n + 1), weight.Row(n + 2), weight.Row(n + 3));
                var ahead = weight.Start(n) + groupFloats;
                nint row = 0;
                for (; row + 4 <= rowCount; row += 4)
                {
                    var rows = input + (row * inputCount);
                    RowProducts<TSimd, TVector>.OfFourByTwo(rows, row0, row1, inputCount, sums, ahead, lines);
                    StoreFour(row, n, sums);
                    StoreFour(row, n + 1, sums + 4);
                    ahead += steps * lines * CacheLine.Floats;
                    RowProducts<TSimd, TVector>.OfFourByTwo(rows, row2, row3, inputCount, sums, ahead, lines);
                    StoreFour(row, n + 2, sums);
                    StoreFour(row, n + 3, sums + 4);
                    ahead += steps * lines * CacheLine.Floats;
                }

                for (; row < rowCount; row++)
                {
                    RowProducts<TSimd, TVector>.OfFour(
                        input + (row * inputCount), row0, row1, row2, row3, inputCount, sums, ahead, lines);
                    for (var i = 0; i < GroupHeight; i++)
                        Store(row, n + i, sums[i]);
                    ahead += steps * lines * CacheLine.Floats;
                }
            }

            /// <summary>The results of four rows of input.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private void StoreFour(nint row, nint n, float* sums)
            {
                for (var i = 0; i < 4; i++)
                    Store(row + i, n, sums[i]);
            }

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private void Store(nint row, nint n, float sum)
            {
                var place = (row * outputCount) + n;
                output[place] = sum + (bias is null ? 0 : bias[n]) + (residual is null ? 0 : residual[place]);
            }
        }
    }
}
