namespace PsGpt.Kernels.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void MatMulForward(float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape)
    {
        var (M, K, N) = shape;
        for (nint m = 0; m < M; m++)
        {
            for (nint n = 0; n < N; n++)
            {
                var sum = 0.0;
                for (nint k = 0; k < K; k++)
                    sum += (double)input[(m * K) + k] * weight[(n * K) + k];
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

    public void MatMulBackwardInput(
        float* inputGradient, float* outputGradient, float* weight, float* preActivation, ActivationFunction activation,
        MatMulShape shape)
    {
        var (M, K, N) = shape;
        for (nint m = 0; m < M; m++)
        {
            for (nint k = 0; k < K; k++)
            {
                var sum = 0.0;
                for (nint n = 0; n < N; n++)
                    sum += (double)outputGradient[(m * N) + n] * weight[(n * K) + k];
                var slope = preActivation is null ? 1 : ReferenceActivation.Derivative(activation, preActivation[(m * K) + k]);
                inputGradient[(m * K) + k] = (float)(sum * slope);
            }
        }
    }

    public double MatMulBackwardWeight(
        float* weightGradient, float* biasGradient, float* outputGradient, float* input, MatMulShape shape, bool accumulate)
    {
        var (M, K, N) = shape;
        for (nint n = 0; n < N; n++)
        {
            var biasSum = 0.0;
            for (nint m = 0; m < M; m++)
                biasSum += outputGradient[(m * N) + n];
            if (biasGradient is not null)
                biasGradient[n] = (accumulate ? biasGradient[n] : 0) + (float)biasSum;
            for (nint k = 0; k < K; k++)
            {
                var sum = 0.0;
                for (nint m = 0; m < M; m++)
                    sum += (double)outputGradient[(m * N) + n] * input[(m * K) + k];
                weightGradient[(n * K) + k] = (accumulate ? weightGradient[(n * K) + k] : 0) + (float)sum;
            }
        }

        return SumOfSquares(weightGradient, (nint)N * K);
    }
}
