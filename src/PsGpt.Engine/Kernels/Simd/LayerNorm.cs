using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    public void LayerNormForward(float* output, float* mean, float* reciprocalDeviation, float* input, float* weight, float* bias, int rowCount, int channelCount, float epsilon) =>
        team.For(rowCount, Grain(channelCount), new LayerNormForwardTask(output, mean, reciprocalDeviation, input, weight, bias, channelCount, epsilon));

    public void LayerNormBackward(float* inputGradient, float* weightGradient, float* biasGradient, float* outputGradient, float* input, float* mean, float* reciprocalDeviation, float* weight, int rowCount, int channelCount, bool accumulate)
    {
        // Before the rows: both read the same gradients, and the rows write only inputGradient.
        team.For(ColumnGroups(channelCount), 1, new LayerNormParametersTask(weightGradient, biasGradient, outputGradient, input, mean, reciprocalDeviation, rowCount, channelCount, accumulate));
        team.For(rowCount, Grain(channelCount), new LayerNormInputTask(inputGradient, outputGradient, input, mean, reciprocalDeviation, weight, channelCount));
    }

    private readonly struct LayerNormForwardTask(float* output, float* mean, float* reciprocalDeviation, float* input, float* weight, float* bias, int channelCount, float epsilon) : IParallelTask
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
                sum = TSimd.Add(sum, Lanes<TSimd, TVector>.Load(x + c, channelCount - c));
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
            (mean[row], reciprocalDeviation[row]) = (average, reciprocal);
            var reciprocals = TSimd.Broadcast(reciprocal);
            for (var c = 0; c < channelCount; c += TSimd.Width)
            {
                var count = channelCount - c;
                var normalized = TSimd.Multiply(TSimd.Subtract(Lanes<TSimd, TVector>.Load(x + c, count), averages), reciprocals);
                var scaled = TSimd.Multiply(normalized, Lanes<TSimd, TVector>.Load(weight + c, count));
                if (bias is not null)
                    scaled = TSimd.Add(scaled, Lanes<TSimd, TVector>.Load(bias + c, count));
                Lanes<TSimd, TVector>.Store(y + c, scaled, count);
            }
        }
    }

    /// <summary>Gradients of weight and bias, items being groups of channels, as <see cref="ColumnSumTask"/> sums columns.</summary>
    private readonly struct LayerNormParametersTask(float* weightGradient, float* biasGradient, float* outputGradient, float* input, float* mean, float* reciprocalDeviation, int rowCount, int channelCount, bool accumulate) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var (first, last) = (start * ColumnGroup * TSimd.Width, Math.Min(end * ColumnGroup * TSimd.Width, channelCount));
            if (!accumulate)
            {
                new Span<float>(weightGradient + first, last - first).Clear();
                if (biasGradient is not null)
                    new Span<float>(biasGradient + first, last - first).Clear();
            }

            for (nint row = 0; row < rowCount; row++)
                AddRow(outputGradient + (row * channelCount), input + (row * channelCount), TSimd.Broadcast(mean[row]), TSimd.Broadcast(reciprocalDeviation[row]), first, last);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddRow(float* dy, float* x, TVector averages, TVector reciprocals, int first, int last)
        {
            for (var c = first; c < last; c += TSimd.Width)
            {
                var count = last - c;
                var gradient = Lanes<TSimd, TVector>.Load(dy + c, count);
                var normalized = TSimd.Multiply(TSimd.Subtract(Lanes<TSimd, TVector>.Load(x + c, count), averages), reciprocals);
                Lanes<TSimd, TVector>.Store(weightGradient + c, TSimd.MultiplyAdd(gradient, normalized, Lanes<TSimd, TVector>.Load(weightGradient + c, count)), count);
                if (biasGradient is not null)
                    Lanes<TSimd, TVector>.Store(biasGradient + c, TSimd.Add(Lanes<TSimd, TVector>.Load(biasGradient + c, count), gradient), count);
            }
        }
    }

    private readonly struct LayerNormInputTask(float* inputGradient, float* outputGradient, float* input, float* mean, float* reciprocalDeviation, float* weight, int channelCount) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (nint row = start; row < end; row++)
                Propagate(inputGradient + (row * channelCount), outputGradient + (row * channelCount), input + (row * channelCount), mean[row], reciprocalDeviation[row]);
        }

        // dx += (w·dy − mean(w·dy) − x̂ · mean(w·dy·x̂)) / σ
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Propagate(float* dx, float* dy, float* x, float average, float reciprocal)
        {
            var (averages, reciprocals) = (TSimd.Broadcast(average), TSimd.Broadcast(reciprocal));
            TVector sum = TSimd.Zero, weightedSum = TSimd.Zero;
            for (var c = 0; c < channelCount; c += TSimd.Width)
            {
                var count = channelCount - c;
                var gradient = TSimd.Multiply(Lanes<TSimd, TVector>.Load(weight + c, count), Lanes<TSimd, TVector>.Load(dy + c, count));
                var normalized = TSimd.Multiply(TSimd.Subtract(Lanes<TSimd, TVector>.Load(x + c, count), averages), reciprocals);
                sum = TSimd.Add(sum, gradient);
                weightedSum = TSimd.MultiplyAdd(gradient, normalized, weightedSum);
            }

            var gradientMean = TSimd.Broadcast(TSimd.Sum(sum) / channelCount);
            var weightedMean = TSimd.Broadcast(TSimd.Sum(weightedSum) / channelCount);
            for (var c = 0; c < channelCount; c += TSimd.Width)
            {
                var count = channelCount - c;
                var gradient = TSimd.Multiply(Lanes<TSimd, TVector>.Load(weight + c, count), Lanes<TSimd, TVector>.Load(dy + c, count));
                var normalized = TSimd.Multiply(TSimd.Subtract(Lanes<TSimd, TVector>.Load(x + c, count), averages), reciprocals);
                var centred = TSimd.Subtract(TSimd.Subtract(gradient, gradientMean), TSimd.Multiply(normalized, weightedMean));
                Lanes<TSimd, TVector>.Store(dx + c, TSimd.MultiplyAdd(centred, reciprocals, Lanes<TSimd, TVector>.Load(dx + c, count)), count);
            }
        }
    }
}
