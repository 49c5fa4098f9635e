namespace PsGpt.Kernels.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void LayerNormForward(
        float* output, float* mean, float* rstd, float* input, float* weight, float* bias, int rowCount, int channelCount, float epsilon)
    {
        for (var row = 0; row < rowCount; row++)
        {
            var x = input + ((nint)row * channelCount);
            var sum = 0.0;
            for (var c = 0; c < channelCount; c++)
                sum += x[c];
            var rowMean = sum / channelCount;
            var squares = 0.0;
            for (var c = 0; c < channelCount; c++)
                squares += (x[c] - rowMean) * (x[c] - rowMean);
            var rowRstd = 1 / Math.Sqrt((squares / channelCount) + epsilon);
            (mean[row], rstd[row]) = ((float)rowMean, (float)rowRstd);
            for (var c = 0; c < channelCount; c++)
                output[((nint)row * channelCount) + c] = (float)((x[c] - rowMean) * rowRstd * weight[c]) + (bias is null ? 0 : bias[c]);
        }
    }

    public void LayerNormBackward(
        float* inputGradient, float* weightGradient, float* biasGradient, float* outputGradient, float* input, float* mean, float* rstd,
        float* weight, int rowCount, int channelCount, bool accumulate)
    {
        if (!accumulate)
        {
            new Span<float>(weightGradient, channelCount).Clear();
            if (biasGradient is not null)
                new Span<float>(biasGradient, channelCount).Clear();
        }

        for (var row = 0; row < rowCount; row++)
        {
            var x = input + ((nint)row * channelCount);
            var dy = outputGradient + ((nint)row * channelCount);
            double sum = 0, weightedSum = 0;
            for (var c = 0; c < channelCount; c++)
            {
                var normalized = (x[c] - mean[row]) * rstd[row];
                weightGradient[c] += dy[c] * normalized;
                if (biasGradient is not null)
                    biasGradient[c] += dy[c];
                sum += dy[c] * weight[c];
                weightedSum += dy[c] * weight[c] * normalized;
            }

            for (var c = 0; c < channelCount; c++)
            {
                var normalized = (x[c] - mean[row]) * rstd[row];
                inputGradient[((nint)row * channelCount) + c] +=
                    (float)((dy[c] * weight[c]) - (sum / channelCount) - (normalized * weightedSum / channelCount)) * rstd[row];
            }
        }
    }
}
