namespace PsGpt.Kernels.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void EmbeddingForward(
        float* output, int* tokens, float* tokenEmbedding, float* positionEmbedding, int batchSize, int sequenceLength, int firstPosition,
        int channelCount)
    {
        for (var row = 0; row < batchSize * sequenceLength; row++)
        {
            var position = firstPosition + (row % sequenceLength);
            var token = tokenEmbedding + ((nint)tokens[row] * channelCount);
            for (var c = 0; c < channelCount; c++)
                output[((nint)row * channelCount) + c] = token[c] + positionEmbedding[((nint)position * channelCount) + c];
        }
    }

    public double EmbeddingBackward(
        float* tokenGradient, float* positionGradient, int* tokens, float* outputGradient, int batchSize, int sequenceLength,
        int channelCount, bool accumulate)
    {
        if (!accumulate)
            new Span<float>(positionGradient, sequenceLength * channelCount).Clear();
        var growth = 0.0;
        for (var row = 0; row < batchSize * sequenceLength; row++)
        {
            for (var c = 0; c < channelCount; c++)
            {
                var gradient = outputGradient[((nint)row * channelCount) + c];
                ref var sum = ref tokenGradient[((nint)tokens[row] * channelCount) + c];
                growth -= (double)sum * sum;
                sum += gradient;
                growth += (double)sum * sum;
                positionGradient[((nint)(row % sequenceLength) * channelCount) + c] += gradient;
            }
        }

        return growth;
    }
}
