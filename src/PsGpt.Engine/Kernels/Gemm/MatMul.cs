using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

/// <summary>The matrix products of a linear layer, as calls of GEMM and GEMV.</summary>
internal static unsafe class MatMul<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Forward(ThreadTeam team, float* output, float* input, float* weight, float* bias, float* residual, int rowCount, int inputCount, int outputCount)
    {
        if (rowCount <= IKernels.IndependentRowCount)
        {
            Gemv<TSimd, TVector>.Multiply(
                team, output, input, weight, bias, residual, activated: null, default, rowCount, inputCount, outputCount);
            return;
        }

        Forward(team, output, input, weight, new Epilogue { Bias = bias, Residual = residual }, rowCount, inputCount, outputCount);
    }

    public static void ActivationForward(ThreadTeam team, float* preActivation, float* activated, float* input, float* weight, float* bias, ActivationFunction activation, int rowCount, int inputCount, int outputCount)
    {
        if (rowCount <= IKernels.IndependentRowCount)
        {
            Gemv<TSimd, TVector>.Multiply(
                team, preActivation, input, weight, bias, residual: null, activated, activation, rowCount, inputCount, outputCount);
            return;
        }

        Forward(team, preActivation, input, weight, new Epilogue { Bias = bias, Activated = activated, Activation = activation }, rowCount, inputCount, outputCount);
    }

    public static void BackwardInput(ThreadTeam team, float* inputGradient, float* outputGradient, float* weight, float* preActivation, ActivationFunction activation, int rowCount, int inputCount, int outputCount) =>
        Gemm<TSimd, TVector>.Multiply(
            team, inputGradient, rowSums: null, squares: default, new Operand(outputGradient, outputCount, 1), new Operand(weight, 1, inputCount), rowCount, inputCount, outputCount,
            accumulate: false, isReadLate: false, new Epilogue { PreActivation = preActivation, Activation = activation });

    public static double BackwardWeight(ThreadTeam team, float* weightGradient, float* biasGradient, float* outputGradient, float* input, int rowCount, int inputCount, int outputCount, bool accumulate)
    {
        var squares = SquaredNorm<TSimd, TVector>.Prepare(Gemm<TSimd, TVector>.PartCount(outputCount, inputCount));
        Gemm<TSimd, TVector>.Multiply(
            team, weightGradient, biasGradient, squares, new Operand(outputGradient, 1, outputCount), new Operand(input, 1, inputCount), outputCount, inputCount, rowCount, accumulate, isReadLate: true, default);
        return squares.Total();
    }

    private static void Forward(ThreadTeam team, float* output, float* input, float* weight, in Epilogue epilogue, int rowCount, int inputCount, int outputCount) =>
        Gemm<TSimd, TVector>.Multiply(
            team, output, rowSums: null, squares: default, new Operand(input, inputCount, 1), new Operand(weight, inputCount, 1), rowCount, outputCount, inputCount, accumulate: false, isReadLate: false, epilogue);
}
