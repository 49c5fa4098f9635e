using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Rows;

/// <summary>Layer normalization and its gradient.</summary>
internal static unsafe class LayerNorm<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The minimum number of rows with a partial sum of their own.</summary>
    private const int MinBlockRows = 16;

    private const int MaxBlocks = 64;

    public static void Forward(
        ThreadTeam team, float* output, float* mean, float* rstd, float* input, float* weight, float* bias, int rowCount, int channelCount,
        float epsilon) =>
        team.For(
            rowCount, ChunkSize.ForFloats(channelCount),
            new ForwardTask(output, mean, rstd, input, weight, bias, channelCount, epsilon));

    /// <summary>
    /// Reads the rows once for everything: each block of rows sums its part of the parameters' gradients, and the parts are added in order.
    /// The blocks depend on the number of rows alone, so any number of threads gives the same bits.
    /// </summary>
    public static void Backward(
        ThreadTeam team, float* inputGradient, float* weightGradient, float* biasGradient, float* outputGradient, float* input, float* mean,
        float* rstd, float* weight, int rowCount, int channelCount, bool accumulate)
    {
        var blockRows = Math.Max(MinBlockRows, (rowCount + MaxBlocks - 1) / MaxBlocks);
        var blocks = (rowCount + blockRows - 1) / blockRows;
        var partials = Scratch.Get(ScratchSlot.LayerNormPartials, 2 * (nint)blocks * channelCount);
        var biasPartials = biasGradient is null ? null : partials + ((nint)blocks * channelCount);
        team.For(
            blocks, 1,
            new BackwardTask(
                inputGradient, partials, biasPartials, outputGradient, input, mean, rstd, weight, rowCount, blockRows, channelCount));
        ColumnSumTask<TSimd, TVector>.Run(team, weightGradient, partials, blocks, channelCount, accumulate);
        if (biasGradient is not null)
            ColumnSumTask<TSimd, TVector>.Run(team, biasGradient, biasPartials, blocks, channelCount, accumulate);
    }

    private readonly struct ForwardTask(
        float* output, float* mean, float* rstd, float* input, float* weight, float* bias, int channelCount, float epsilon) : IParallelTask
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
                sum = TSimd.Add(sum, TSimd.Load(x + c, channelCount - c));
            var rowMean = TSimd.Sum(sum) / channelCount;
            var means = TSimd.Broadcast(rowMean);
            var squares = TSimd.Zero;
            var c2 = 0;
            for (; c2 + TSimd.Width <= channelCount; c2 += TSimd.Width)
            {
                var difference = TSimd.Subtract(TSimd.Load(x + c2), means);
                squares = TSimd.MultiplyAdd(difference, difference, squares);
            }

            var squaredSum = TSimd.Sum(squares);
            for (; c2 < channelCount; c2++)
                squaredSum += (x[c2] - rowMean) * (x[c2] - rowMean);
            var rowRstd = 1 / MathF.Sqrt((squaredSum / channelCount) + epsilon);
            (mean[row], rstd[row]) = (rowMean, rowRstd);
            var rstds = TSimd.Broadcast(rowRstd);
            for (var c = 0; c < channelCount; c += TSimd.Width)
            {
                var count = channelCount - c;
                var normalized = TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + c, count), means), rstds);
                var scaled = TSimd.Multiply(normalized, TSimd.Load(weight + c, count));
                if (bias is not null)
                    scaled = TSimd.Add(scaled, TSimd.Load(bias + c, count));
                TSimd.Store(y + c, scaled, count);
            }
        }
    }

    /// <summary>Items are blocks of rows.</summary>
    private readonly struct BackwardTask(
        float* inputGradient, float* weightPartials, float* biasPartials, float* outputGradient, float* input, float* mean, float* rstd,
        float* weight, int rowCount, int blockRows, int channelCount) : IParallelTask
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

        // dx += (w·dy − mean(w·dy) − x̂ · mean(w·dy·x̂)) · rstd
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Propagate(nint row, float* weightSums, float* biasSums)
        {
            var dx = inputGradient + (row * channelCount);
            var dy = outputGradient + (row * channelCount);
            var x = input + (row * channelCount);
            var (means, rstds) = (TSimd.Broadcast(mean[row]), TSimd.Broadcast(rstd[row]));
            TVector sum = TSimd.Zero, weightedSum = TSimd.Zero;
            for (var c = 0; c < channelCount; c += TSimd.Width)
            {
                var count = channelCount - c;
                var outer = TSimd.Load(dy + c, count);
                var normalized = TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + c, count), means), rstds);
                TSimd.Store(
                    weightSums + c, TSimd.MultiplyAdd(outer, normalized, TSimd.Load(weightSums + c, count)), count);
                if (biasSums is not null)
                    TSimd.Store(biasSums + c, TSimd.Add(TSimd.Load(biasSums + c, count), outer), count);
                var gradient = TSimd.Multiply(TSimd.Load(weight + c, count), outer);
                sum = TSimd.Add(sum, gradient);
                weightedSum = TSimd.MultiplyAdd(gradient, normalized, weightedSum);
            }

            var gradientMean = TSimd.Broadcast(TSimd.Sum(sum) / channelCount);
            var weightedMean = TSimd.Broadcast(TSimd.Sum(weightedSum) / channelCount);
            for (var c = 0; c < channelCount; c += TSimd.Width)
            {
                var count = channelCount - c;
                var gradient = TSimd.Multiply(TSimd.Load(weight + c, count), TSimd.Load(dy + c, count));
                var normalized = TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + c, count), means), rstds);
                var centred = TSimd.Subtract(TSimd.Subtract(gradient, gradientMean), TSimd.Multiply(normalized, weightedMean));
                TSimd.Store(
                    dx + c, TSimd.MultiplyAdd(centred, rstds, TSimd.Load(dx + c, count)), count);
            }
        }
    }
}
