namespace PsGpt.Kernels.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public double SumOfSquares(float* values, nint length)
    {
        var sum = 0.0;
        for (nint i = 0; i < length; i++)
            sum += (double)values[i] * values[i];
        return sum;
    }

    public void Add(float* target, float* addend, nint length)
    {
        for (nint i = 0; i < length; i++)
            target[i] += addend[i];
    }

    public void AdamW(
        float* parameters, float* gradients, float* firstMoment, float* secondMoment, nint length, in AdamWCoefficients coefficients)
    {
        var (rate, beta1, beta2, epsilon, decay, correction1, correction2, scale) = coefficients;
        for (nint i = 0; i < length; i++)
        {
            var gradient = FlushToZero.ZeroBelow(gradients[i] * scale, FlushToZero.Gradient);
            firstMoment[i] = (beta1 * FlushToZero.ZeroBelow(firstMoment[i], FlushToZero.Moment)) + ((1 - beta1) * gradient);
            var second = FlushToZero.ZeroBelow(secondMoment[i], FlushToZero.SecondMoment);
            secondMoment[i] = (beta2 * second) + ((1 - beta2) * gradient * gradient);
            var step = firstMoment[i] / correction1 / (MathF.Sqrt(secondMoment[i] / correction2) + epsilon);
            parameters[i] = (parameters[i] * (1 - (rate * decay))) - (rate * step);
        }
    }

    public void LinearCombination(float* output, float* left, float leftScale, float* right, float rightScale, nint length)
    {
        for (nint i = 0; i < length; i++)
        {
            var first = FlushToZero.ZeroBelow(left[i], FlushToZero.Moment);
            var second = FlushToZero.ZeroBelow(right[i], FlushToZero.Moment);
            output[i] = (first * leftScale) + (second * rightScale);
        }
    }
}
