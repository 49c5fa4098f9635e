using PsGpt.Kernels.Narrow;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Reference;

/// <summary>The operators over narrow matrices as their formulas read, one value at a time.</summary>
internal sealed unsafe class ReferenceMatrices(WeightDataType type) : IMatrixKernels
{
    public void EmbeddingForward(
        float* output, int* tokens, float* tokenEmbedding, float* positionEmbedding, int batchSize, int sequenceLength, int firstPosition,
        int channelCount)
    {
        for (nint row = 0; row < batchSize * sequenceLength; row++)
        {
            var position = positionEmbedding + ((firstPosition + (row % sequenceLength)) * channelCount);
            var token = RowOf(tokenEmbedding, tokens[row], channelCount);
            for (var c = 0; c < channelCount; c++)
                output[(row * channelCount) + c] = NarrowValues.Read(type, token, channelCount, c) + position[c];
        }
    }

    public void MatMulForward(float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape)
    {
        var (M, K, N) = shape;
        var roundsInput = type == WeightDataType.Q8_0 && M <= QuantizedInput.MaximumRows;
        for (nint m = 0; m < M; m++)
        {
            for (nint n = 0; n < N; n++)
            {
                var row = RowOf(weight, n, K);
                var x = input + (m * K);
                var sum = roundsInput ? QuantizedDot(row, x, K) : Dot(row, x, K);
                var value = (float)sum + (bias is null ? 0 : bias[n]);
                output[(m * N) + n] = value + (residual is null ? 0 : residual[(m * N) + n]);
            }
        }
    }

    public void MatMulActivationForward(
        float* preActivation, float* activated, float* input, float* weight, float* bias, ActivationFunction activation,
        MatMulShape shape)
    {
        MatMulForward(preActivation, input, weight, bias, residual: null, shape);
        ReferenceActivation.Apply(activation, preActivation, activated, (nint)shape.M * shape.N);
    }

    private double Dot(float* row, float* x, int count)
    {
        var sum = 0.0;
        for (var k = 0; k < count; k++)
            sum += (double)x[k] * NarrowValues.Read(type, row, count, k);
        return sum;
    }

    /// <summary>Rounds the input to its largest magnitude / 32767, and multiplies whole numbers.</summary>
    private static double QuantizedDot(float* row, float* x, int count)
    {
        var largest = 0f;
        for (var k = 0; k < count; k++)
            largest = MathF.Max(largest, MathF.Abs(x[k]));
        var scale = largest / short.MaxValue;
        var inverse = scale == 0 ? 0 : 1 / scale;
        var sum = 0.0;
        for (var k = 0; k < count; k++)
        {
            var product = (long)MathF.Round(x[k] * inverse, MidpointRounding.AwayFromZero) * NarrowRow.Bytes(row, count)[k];
            sum += (double)NarrowRow.Scales(row)[k / NarrowRow.BlockLength] * product;
        }

        return sum * scale;
    }

    private float* RowOf(float* matrix, nint row, int columns) => NarrowRow.At(type, matrix, row, columns);
}
