using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Rows;

/// <summary>Softmax and cross-entropy of each row of logits.</summary>
internal static unsafe class CrossEntropy<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Run(
        ThreadTeam team, float* losses, float* logits, int* targets, int rowCount, int vocabularySize, nint rowStride,
        float gradientScale) =>
        team.For(
            rowCount, ChunkSize.ForFloats(4 * vocabularySize),
            new CrossEntropyTask(losses, logits, targets, vocabularySize, rowStride, gradientScale));

    private readonly struct CrossEntropyTask(
        float* losses, float* logits, int* targets, int vocabularySize, nint rowStride, float gradientScale) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (var row = start; row < end; row++)
            {
                var x = logits + (row * rowStride);
                var target = targets[row];
                if (target >= 0 || gradientScale == 0)
                    Finish(row, x, target);
                else
                {
                    losses[row] = 0;
                    new Span<float>(x, vocabularySize).Clear();
                }

                if (gradientScale != 0)
                    new Span<float>(x + vocabularySize, (int)rowStride - vocabularySize).Clear();
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Finish(int row, float* x, int target)
        {
            var max = Max(x);
            var targetLogit = target < 0 ? 0 : x[target];
            var sum = Exponentials(x, max);
            losses[row] = target < 0 ? 0 : max + MathF.Log(sum) - targetLogit;
            if (gradientScale == 0)
                return;
            var scale = TSimd.Broadcast(gradientScale / sum);
            for (var v = 0; v < vocabularySize; v += TSimd.Width)
            {
                var count = vocabularySize - v;
                TSimd.Store(x + v, TSimd.Multiply(TSimd.Load(x + v, count), scale), count);
            }

            x[target] -= gradientScale;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private float Max(float* x)
        {
            var max = TSimd.Broadcast(float.NegativeInfinity);
            var v = 0;
            for (; v + TSimd.Width <= vocabularySize; v += TSimd.Width)
                max = TSimd.Max(max, TSimd.Load(x + v));
            var result = TSimd.MaxLane(max);
            for (; v < vocabularySize; v++)
                result = MathF.Max(result, x[v]);
            return result;
        }

        /// <summary>The sum of the exponentials; overwrites the logits with them if a gradient is wanted.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private float Exponentials(float* x, float max)
        {
            var shift = TSimd.Broadcast(max);
            var sum = TSimd.Zero;
            var v = 0;
            for (; v + TSimd.Width <= vocabularySize; v += TSimd.Width)
            {
                var exponential = VectorMath<TSimd, TVector>.ExpOrZero(TSimd.Subtract(TSimd.Load(x + v), shift));
                sum = TSimd.Add(sum, exponential);
                if (gradientScale != 0)
                    TSimd.Store(x + v, exponential);
            }

            var total = TSimd.Sum(sum);
            if (v == vocabularySize)
                return total;
            var tail = stackalloc float[TSimd.Width];
            TSimd.Store(tail, VectorMath<TSimd, TVector>.ExpOrZero(TSimd.Subtract(TSimd.Load(x + v, vocabularySize - v), shift)));
            for (var lane = 0; v < vocabularySize; v++, lane++)
            {
                total += tail[lane];
                if (gradientScale != 0)
                    x[v] = tail[lane];
            }

            return total;
        }
    }
}
