using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>
    /// One or a few rows of input against a weight. Memory is the limit, so nothing is packed, and each thread reads the weight as two
    /// streams, each in one direction. Four rows of input share the loads of the weight; each has the same sum as alone.
    /// </summary>
    /// <remarks>
    /// A processor prefetches on its own where it sees one direction in a page; adjacent rows side by side hide that. On a Zen 4 four of
    /// them reached 42 of the 70 GB/s of a plain read, and two streams reach 58.
    /// </remarks>
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
            /// <summary>The floats from what is read to what is prefetched for one row of input: 1 KB.</summary>
            private const int PrefetchDistance = 256;

            /// <summary>The same for fours of rows: 12 KB, since the second four reads nothing new.</summary>
            private const int PrefetchDistanceOfFour = 3072;

            private readonly int rowCount = shape.M;
            private readonly int inputCount = shape.K;
            private readonly int outputCount = shape.N;

            /// <summary>The memory that a vector of the weight takes, in floats.</summary>
            private readonly int stride = weight.FloatCount * TSimd.Width / shape.K;

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            public void Execute(int start, int end)
            {
                var sums = stackalloc float[8];
                nint half = (end - start) / 2, n = start;
                for (; n < start + half; n++)
                    MultiplyPair(n, n + half, sums);
                for (n += half; n < end; n++)
                {
                    for (nint row = 0; row < rowCount; row++)
                        Store(row, n, RowProducts<TSimd, TVector>.OfOne(input + (row * inputCount), weight.Row(n), inputCount));
                }
            }

            /// <summary>Two rows of the weight.</summary>
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private void MultiplyPair(nint left, nint right, float* sums)
            {
                nint row = 0;
                for (; row + 4 <= rowCount; row += 4)
                {
                    // Two fours of input share the work to prefetch, so that memory is busy during both.
                    var (isFirst, isLast) = (row == 0, row + 8 > rowCount);
                    RowProducts<TSimd, TVector>.OfFourByTwo(
                        input + (row * inputCount), weight.Row(left), weight.Row(right), inputCount, sums,
                        weight.Start(isFirst ? left : right) + PrefetchDistanceOfFour,
                        weight.Start(isLast ? right : left) + PrefetchDistanceOfFour, stride);
                    StoreFour(row, left, sums);
                    StoreFour(row, right, sums + 4);
                }

                for (; row < rowCount; row++)
                {
                    var (leftSum, rightSum) = RowProducts<TSimd, TVector>.OfTwo(
                        input + (row * inputCount), weight.Row(left), weight.Row(right), inputCount,
                        weight.Start(left) + PrefetchDistance, weight.Start(right) + PrefetchDistance, stride);
                    Store(row, left, leftSum);
                    Store(row, right, rightSum);
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
