namespace PsGpt.Kernels.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void MatMulForward(
        float* output, float* input, float* weight, float* bias, float* residual, int rowCount, int inputCount, int outputCount)
    {
        for (nint m = 0; m < rowCount; m++)
        {
            for (nint n = 0; n < outputCount; n++)
            {
                var sum = 0.0;
                for (nint k = 0; k < inputCount; k++)
                    sum += (double)input[(m * inputCount) + k] * weight[(n * inputCount) + k];
                var value = (float)sum + (bias is null ? 0 : bias[n]);
                output[(m * outputCount) + n] = value + (residual is null ? 0 : residual[(m * outputCount) + n]);
            }
        }
    }

    public void MatMulActivationForward(
        float* preActivation, float* activated, float* input, float* weight, float* bias, ActivationFunction activation, int rowCount,
        int inputCount, int outputCount)
    {
        MatMulForward(preActivation, input, weight, bias, residual: null, rowCount, inputCount, outputCount);
        for (nint i = 0; i < (nint)rowCount * outputCount; i++)
            activated[i] = (float)ReferenceActivation.Value(activation, preActivation[i]);
    }

    public void MatMulBackwardInput(
        float* inputGradient, float* outputGradient, float* weight, float* preActivation, ActivationFunction activation, int rowCount,
        int inputCount, int outputCount)
    {
        for (nint m = 0; m < rowCount; m++)
        {
            for (nint k = 0; k < inputCount; k++)
            {
                var sum = 0.0;
                for (nint n = 0; n < outputCount; n++)
                    sum += (double)outputGradient[(m * outputCount) + n] * weight[(n * inputCount) + k];
                var slope = preActivation is null ? 1 : ReferenceActivation.Derivative(activation, preActivation[(m * inputCount) + k]);
                inputGradient[(m * inputCount) + k] = (float)(sum * slope);
            }
        }
    }

    public double MatMulBackwardWeight(
        float* weightGradient, float* biasGradient, float* outputGradient, float* input, int rowCount, int inputCount, int outputCount,
        bool accumulate)
    {
        for (nint n = 0; n < outputCount; n++)
        {
            var biasSum = 0.0;
            for (nint m = 0; m < rowCount; m++)
                biasSum += outputGradient[(m * outputCount) + n];
            if (biasGradient is not null)
                biasGradient[n] = (accumulate ? biasGradient[n] : 0) + (float)biasSum;
            for (nint k = 0; k < inputCount; k++)
            {
                var sum = 0.0;
                for (nint m = 0; m < rowCount; m++)
                    sum += (double)outputGradient[(m * outputCount) + n] * input[(m * inputCount) + k];
                weightGradient[(n * inputCount) + k] = (accumulate ? weightGradient[(n * inputCount) + k] : 0) + (float)sum;
            }
        }

        return SumOfSquares(weightGradient, (nint)outputCount * inputCount);
    }
}
