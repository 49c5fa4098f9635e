using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>
    /// One or a few rows of input against a weight. Memory is the limit, so nothing is packed: a row of the weight is read once and stays
    /// in the first-level cache for all rows of input. Two rows of input share its loads, and with 32 registers two rows of the weight
    /// share theirs; each has the same sum as alone.
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
            private readonly int rowCount = shape.M;
            private readonly int inputCount = shape.K;
            private readonly int outputCount = shape.N;

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            public void Execute(int start, int end)
            {
                nint n = start;
                if (TSimd.Width >= 16)
                {
                    for (; rowCount > 1 && n + 2 <= end; n += 2)
                        MultiplyTwo(n);
                }

                for (; n < end; n++)
                    MultiplyOne(n);
            }

            /// <summary>Two rows of the weight, where vectors of 512 bits come with registers enough.</summary>
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private void MultiplyTwo(nint n)
            {
                var (left, right) = (weight.Row(n), weight.Row(n + 1));
                nint row = 0;
                for (; row + 2 <= rowCount; row += 2)
                {
                    var (firstLeft, firstRight, secondLeft, secondRight) = DotProduct<TSimd, TVector>.OfSquare(
                        input + (row * inputCount), input + ((row + 1) * inputCount), left, right, inputCount);
                    Store(row, n, firstLeft);
                    Store(row, n + 1, firstRight);
                    Store(row + 1, n, secondLeft);
                    Store(row + 1, n + 1, secondRight);
                }

                if (row == rowCount)
                    return;
                Store(row, n, DotProduct<TSimd, TVector>.Of(input + (row * inputCount), left, inputCount));
                Store(row, n + 1, DotProduct<TSimd, TVector>.Of(input + (row * inputCount), right, inputCount));
            }

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private void MultiplyOne(nint n)
            {
                var weightRow = weight.Row(n);
                nint row = 0;
                for (; row + 2 <= rowCount; row += 2)
                {
                    var (first, second) = DotProduct<TSimd, TVector>.OfPair(
                        input + (row * inputCount), input + ((row + 1) * inputCount), weightRow, inputCount);
                    Store(row, n, first);
                    Store(row + 1, n, second);
                }

                if (row < rowCount)
                    Store(row, n, DotProduct<TSimd, TVector>.Of(input + (row * inputCount), weightRow, inputCount));
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
