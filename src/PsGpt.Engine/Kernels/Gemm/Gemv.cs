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
    /// them reached 42 of the 70 GB/s of a plain read, and two streams reach 58. From a cache, four rows of a stream, summed together, are
    /// read at 94 GB/s by one thread, and one row at 69.
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
            var task = new WeightRowsTask<TRows, TRow>(new(output, bias, residual, shape.N), input, weight, shape);
            team.For(shape.N, ChunkSize.ForFloats(weight.FloatCount), task);
        }

        /// <summary>Items are rows of the weight.</summary>
        private readonly struct WeightRowsTask<TRows, TRow>(
            GemvOutput output, float* input, TRows weight, MatMulShape shape) : IParallelTask
            where TRows : struct, IRows<TRow>
            where TRow : struct, IRow<TVector>
        {
            /// <summary>In floats: 512 KB. A smaller weight is usually in a cache, where a prefetch only costs its instruction.</summary>
            private const int MaximumCached = 1 << 17;

            /// <summary>In values: 3 KB of bfloat16. On an Intel half a KB took 1.2 times as long; float32 takes either.</summary>
            private const int PrefetchDistance = 1536;

            /// <summary>That of fours of input: long, since the second four reads nothing new.</summary>
            private const int PrefetchDistanceOfFours = 3072;

            private readonly int rowCount = shape.M;
            private readonly int inputCount = shape.K;
            private readonly bool isCached = (nint)weight.FloatCount * shape.N <= MaximumCached;

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            public void Execute(int start, int end)
            {
                var inFours = isCached && rowCount < 4;
                nint n = start, step = inFours ? 4 : 1, half = (end - start) / (2 * step) * step, middle = n + half;
                for (; n < middle; n += step)
                {
                    if (inFours)
                        MultiplyFours(n, n + half);
                    else
                        MultiplyPair(n, n + half);
                }

                for (n += half; n < end; n++)
                {
                    for (nint row = 0; row < rowCount; row++)
                        output.Store(row, n, RowProducts<TSimd, TVector>.OfOne(input + (row * inputCount), weight.Row(n), inputCount));
                }
            }

            /// <summary>
            /// Four rows of the weight from each of two on, with each row of input: a cache gives a row faster than its lanes can be summed
            /// one row at a time. From memory it would be slower, since a processor prefetches for each load of the code on its own.
            /// </summary>
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private void MultiplyFours(nint left, nint right)
            {
                for (nint row = 0; row < rowCount; row++)
                {
                    var (left0, right0) = LanesOfTwo(row, left, right, distance: 0);
                    var (left1, right1) = LanesOfTwo(row, left + 1, right + 1, distance: 0);
                    var (left2, right2) = LanesOfTwo(row, left + 2, right + 2, distance: 0);
                    var (left3, right3) = LanesOfTwo(row, left + 3, right + 3, distance: 0);
                    output.Store(row, left, TSimd.SumEach(left0, left1, left2, left3));
                    output.Store(row, right, TSimd.SumEach(right0, right1, right2, right3));
                }
            }

            /// <summary>Two rows of the weight, with fours of rows of input and then with each of the others.</summary>
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private void MultiplyPair(nint left, nint right)
            {
                nint row = 0;
                for (; row + 4 <= rowCount; row += 4)
                {
                    // Two fours of input share the work to prefetch, so that memory is busy during both.
                    var (isFirst, isLast) = (row == 0, row + 8 > rowCount);
                    var (leftSums, rightSums) = RowProducts<TSimd, TVector>.OfFourByTwo(
                        input + (row * inputCount), weight.Row(left), weight.Row(right), inputCount,
                        weight.Row(isFirst ? left : right), weight.Row(isLast ? right : left), PrefetchDistanceOfFours);
                    for (var i = 0; i < 4; i++)
                    {
                        output.Store(row + i, left, leftSums[i]);
                        output.Store(row + i, right, rightSums[i]);
                    }
                }

                for (; row < rowCount; row++)
                {
                    var (leftLanes, rightLanes) = LanesOfTwo(row, left, right, row == 0 ? PrefetchDistance : 0);
                    output.Store(row, left, TSimd.Sum(leftLanes));
                    output.Store(row, right, TSimd.Sum(rightLanes));
                }
            }

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private (TVector Left, TVector Right) LanesOfTwo(nint row, nint left, nint right, int distance) =>
                RowProducts<TSimd, TVector>.LanesOfTwo(
                    input + (row * inputCount), weight.Row(left), weight.Row(right), inputCount, distance);
        }
    }
}
