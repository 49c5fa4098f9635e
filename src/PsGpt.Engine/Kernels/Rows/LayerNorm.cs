using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Rows;

/// <summary>Layer normalization and its gradient.</summary>
internal static unsafe class LayerNorm<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Rows that are worth a partial sum of their own, and the most such sums.</summary>
    private const int LeastNormRows = 16;
    private const int MostNormBlocks = 64;

    public static void Forward(ThreadTeam team, float* output, float* mean, float* rstd, float* input, float* weight, float* bias, int rowCount, int channelCount, float epsilon) =>
        team.For(rowCount, ChunkSize.ForFloats(channelCount), new LayerNormForwardTask(output, mean, rstd, input, weight, bias, channelCount, epsilon));

    /// <summary>
    /// The rows are read once for everything: each block of rows sums its part of the parameters' gradients for itself, and the parts
    /// are added in order. The blocks depend on the number of rows alone, so the threads do not change a bit.
    /// </summary>
    public static void Backward(ThreadTeam team, float* inputGradient, float* weightGradient, float* biasGradient, float* outputGradient, float* input, float* mean, float* rstd, float* weight, int rowCount, int channelCount, bool accumulate)
    {
        var blockRows = Math.Max(LeastNormRows, (rowCount + MostNormBlocks - 1) / MostNormBlocks);
        var blocks = (rowCount + blockRows - 1) / blockRows;
        var partials = Scratch.Get(ScratchSlot.LayerNormPartials, 2 * (nint)blocks * channelCount);
        var biasPartials = biasGradient is null ? null : partials + ((nint)blocks * channelCount);
        team.For(blocks, 1, new LayerNormBackwardTask(inputGradient, partials, biasPartials, outputGradient, input, mean, rstd, weight, rowCount, blockRows, channelCount));
        ColumnSumTask<TSimd, TVector>.Run(team, weightGradient, partials, blocks, channelCount, accumulate);
        if (biasGradient is not null)
            ColumnSumTask<TSimd, TVector>.Run(team, biasGradient, biasPartials, blocks, channelCount, accumulate);
    }

    private readonly struct LayerNormForwardTask(float* output, float* mean, float* rstd, float* input, float* weight, float* bias, int channelCount, float epsilon) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (nint row = start; row < end; row++)
                Normalize(row, input + (row * channelCount), output + (row * channelCount));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Normalize(nint row, float* x, float* y)
        {
            var sum = TSimd.Zero;
            for (var c = 0; c < channelCount; c += TSimd.Width)
                sum = TSimd.Add(sum, Masked<TSimd, TVector>.Load(x + c, channelCount - c));
            var average = TSimd.Sum(sum) / channelCount;
            var averages = TSimd.Broadcast(average);
            var squares = TSimd.Zero;
            var c2 = 0;
            for (; c2 + TSimd.Width <= channelCount; c2 += TSimd.Width)
            {
                var difference = TSimd.Subtract(TSimd.Load(x + c2), averages);
                squares = TSimd.MultiplyAdd(difference, difference, squares);
            }

            var squareSum = TSimd.Sum(squares);
            for (; c2 < channelCount; c2++)
                squareSum += (x[c2] - average) * (x[c2] - average);
            var reciprocal = 1 / MathF.Sqrt((squareSum / channelCount) + epsilon);
            (mean[row], rstd[row]) = (average, reciprocal);
            var reciprocals = TSimd.Broadcast(reciprocal);
            for (var c = 0; c < channelCount; c += TSimd.Width)
            {
                var count = channelCount - c;
                var normalized = TSimd.Multiply(TSimd.Subtract(Masked<TSimd, TVector>.Load(x + c, count), averages), reciprocals);
                var scaled = TSimd.Multiply(normalized, Masked<TSimd, TVector>.Load(weight + c, count));
                if (bias is not null)
                    scaled = TSimd.Add(scaled, Masked<TSimd, TVector>.Load(bias + c, count));
                Masked<TSimd, TVector>.Store(y + c, scaled, count);
            }
        }
    }

    /// <summary>Items are blocks of rows.</summary>
    private readonly struct LayerNormBackwardTask(float* inputGradient, float* weightPartials, float* biasPartials, float* outputGradient, float* input, float* mean, float* rstd, float* weight, int rowCount, int blockRows, int channelCount) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (nint block = start; block < end; block++)
            {
                var weightSums = weightPartials + (block * channelCount);
                var biasSums = biasPartials is null ? null : biasPartials + (block * channelCount);
                new Span<float>(weightSums, channelCount).Clear();
                if (biasSums is not null)
                    new Span<float>(biasSums, channelCount).Clear();
                for (var row = block * blockRows; row < Math.Min(rowCount, (block + 1) * blockRows); row++)
                    Propagate(row, weightSums, biasSums);
            }
        }

        // dx += (w·dy − mean(w·dy) − x̂ · mean(w·dy·x̂)) / σ
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Propagate(nint row, float* weightSums, float* biasSums)
        {
            var dx = inputGradient + (row * channelCount);
            var dy = outputGradient + (row * channelCount);
            var x = input + (row * channelCount);
            var (averages, reciprocals) = (TSimd.Broadcast(mean[row]), TSimd.Broadcast(rstd[row]));
            TVector sum = TSimd.Zero, weightedSum = TSimd.Zero;
            for (var c = 0; c < channelCount; c += TSimd.Width)
            {
                var count = channelCount - c;
                var outer = Masked<TSimd, TVector>.Load(dy + c, count);
                var normalized = TSimd.Multiply(TSimd.Subtract(Masked<TSimd, TVector>.Load(x + c, count), averages), reciprocals);
                Masked<TSimd, TVector>.Store(weightSums + c, TSimd.MultiplyAdd(outer, normalized, Masked<TSimd, TVector>.Load(weightSums + c, count)), count);
                if (biasSums is not null)
                    Masked<TSimd, TVector>.Store(biasSums + c, TSimd.Add(Masked<TSimd, TVector>.Load(biasSums + c, count), outer), count);
                var gradient = TSimd.Multiply(Masked<TSimd, TVector>.Load(weight + c, count), outer);
                sum = TSimd.Add(sum, gradient);
                weightedSum = TSimd.MultiplyAdd(gradient, normalized, weightedSum);
            }

            var gradientMean = TSimd.Broadcast(TSimd.Sum(sum) / channelCount);
            var weightedMean = TSimd.Broadcast(TSimd.Sum(weightedSum) / channelCount);
            for (var c = 0; c < channelCount; c += TSimd.Width)
            {
                var count = channelCount - c;
                var gradient = TSimd.Multiply(Masked<TSimd, TVector>.Load(weight + c, count), Masked<TSimd, TVector>.Load(dy + c, count));
                var normalized = TSimd.Multiply(TSimd.Subtract(Masked<TSimd, TVector>.Load(x + c, count), averages), reciprocals);
                var centred = TSimd.Subtract(TSimd.Subtract(gradient, gradientMean), TSimd.Multiply(normalized, weightedMean));
                Masked<TSimd, TVector>.Store(dx + c, TSimd.MultiplyAdd(centred, reciprocals, Masked<TSimd, TVector>.Load(dx + c, count)), count);
            }
        }
    }
}
