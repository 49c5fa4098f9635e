using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

internal sealed unsafe partial class SimdKernels<TSimd, TVector>
{
    public void MatMulForward(float* output, float* input, float* weight, float* bias, float* residual, int rowCount, int inputCount, int outputCount)
    {
        if (rowCount == 1)
        {
            team.For(outputCount, Grain(inputCount), new MatVecTask(output, input, weight, bias, residual, inputCount));
            return;
        }

        Forward(output, input, weight, new Epilogue { Bias = bias, Residual = residual }, rowCount, inputCount, outputCount);
    }

    public void MatMulActivationForward(float* preActivation, float* activated, float* input, float* weight, float* bias, ActivationFunction activation, int rowCount, int inputCount, int outputCount)
    {
        if (rowCount == 1)
        {
            MatMulForward(preActivation, input, weight, bias, residual: null, rowCount, inputCount, outputCount);
            var epilogue = new Epilogue { Activated = activated, Activation = activation };
            EpiloguePass<TSimd, TVector>.Apply(epilogue, preActivation, 0, 0, outputCount, 1, outputCount);
            return;
        }

        Forward(preActivation, input, weight, new Epilogue { Bias = bias, Activated = activated, Activation = activation }, rowCount, inputCount, outputCount);
    }

    public void MatMulBackwardInput(float* inputGradient, float* outputGradient, float* weight, float* preActivation, ActivationFunction activation, int rowCount, int inputCount, int outputCount) =>
        Product<TSimd, TVector>.Multiply(
            team, inputGradient, rowSums: null, squares: default, new Operand(outputGradient, outputCount, 1), new Operand(weight, 1, inputCount), rowCount, inputCount, outputCount,
            accumulate: false, isReadLate: false, new Epilogue { PreActivation = preActivation, Activation = activation });

    public double MatMulBackwardWeight(float* weightGradient, float* biasGradient, float* outputGradient, float* input, int rowCount, int inputCount, int outputCount, bool accumulate)
    {
        var squares = SquareSums<TSimd, TVector>.Prepare(Product<TSimd, TVector>.PartCount(outputCount, inputCount));
        Product<TSimd, TVector>.Multiply(
            team, weightGradient, biasGradient, squares, new Operand(outputGradient, 1, outputCount), new Operand(input, 1, inputCount), outputCount, inputCount, rowCount, accumulate, isReadLate: true, default);
        return squares.Total();
    }

    private void Forward(float* output, float* input, float* weight, in Epilogue epilogue, int rowCount, int inputCount, int outputCount) =>
        Product<TSimd, TVector>.Multiply(
            team, output, rowSums: null, squares: default, new Operand(input, inputCount, 1), new Operand(weight, inputCount, 1), rowCount, outputCount, inputCount, accumulate: false, isReadLate: false, epilogue);

    /// <summary>One row of input against the rows of a weight, items being rows of the weight: limited by memory, so nothing is packed.</summary>
    private readonly struct MatVecTask(float* output, float* input, float* weight, float* bias, float* residual, int inputCount) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (nint n = start; n < end; n++)
                output[n] = Dot(input, weight + (n * inputCount), inputCount) + (bias is null ? 0 : bias[n]) + (residual is null ? 0 : residual[n]);
        }
    }

    /// <summary>The dot product, in four accumulators so that the latency of one addition is hidden behind three others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(float* left, float* right, int length)
    {
        TVector sum0 = TSimd.Zero, sum1 = TSimd.Zero, sum2 = TSimd.Zero, sum3 = TSimd.Zero;
        var i = 0;
        for (; i + (4 * TSimd.Width) <= length; i += 4 * TSimd.Width)
        {
            sum0 = TSimd.MultiplyAdd(TSimd.Load(left + i), TSimd.Load(right + i), sum0);
            sum1 = TSimd.MultiplyAdd(TSimd.Load(left + i + TSimd.Width), TSimd.Load(right + i + TSimd.Width), sum1);
            sum2 = TSimd.MultiplyAdd(TSimd.Load(left + i + (2 * TSimd.Width)), TSimd.Load(right + i + (2 * TSimd.Width)), sum2);
            sum3 = TSimd.MultiplyAdd(TSimd.Load(left + i + (3 * TSimd.Width)), TSimd.Load(right + i + (3 * TSimd.Width)), sum3);
        }

        for (; i < length; i += TSimd.Width)
        {
            var count = Math.Min(TSimd.Width, length - i);
            sum0 = TSimd.MultiplyAdd(Lanes<TSimd, TVector>.Load(left + i, count), Lanes<TSimd, TVector>.Load(right + i, count), sum0);
        }

        return TSimd.Sum(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3)));
    }
}
