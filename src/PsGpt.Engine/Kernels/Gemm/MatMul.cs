using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

/// <summary>The matrix products of a linear layer as calls of GEMM, and of GEMV for one or a few rows.</summary>
internal static unsafe class MatMul<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Forward(
        ThreadTeam team, float* output, float* input, float* weight, float* bias, float* residual, int rowCount, int inputCount,
        int outputCount)
    {
        if (rowCount <= IKernels.IndependentRowCount)
        {
            Gemv<TSimd, TVector>.Multiply(
                team, output, input, weight, bias, residual, activated: null, default, rowCount, inputCount, outputCount);
            return;
        }

        var epilogue = new Epilogue { Bias = bias, Residual = residual };
        Forward(team, output, input, weight, epilogue, new GemmShape(rowCount, outputCount, inputCount));
    }

    public static void ActivationForward(
        ThreadTeam team, float* preActivation, float* activated, float* input, float* weight, float* bias, ActivationFunction activation,
        int rowCount, int inputCount, int outputCount)
    {
        if (rowCount <= IKernels.IndependentRowCount)
        {
            Gemv<TSimd, TVector>.Multiply(
                team, preActivation, input, weight, bias, residual: null, activated, activation, rowCount, inputCount, outputCount);
            return;
        }

        var epilogue = new Epilogue { Bias = bias, Activated = activated, Activation = activation };
        Forward(team, preActivation, input, weight, epilogue, new GemmShape(rowCount, outputCount, inputCount));
    }

    /// <summary>A is the output's gradient (M,N), B the weight (N,K): they are summed over the outputs.</summary>
    public static void BackwardInput(
        ThreadTeam team, float* inputGradient, float* outputGradient, float* weight, float* preActivation, ActivationFunction activation,
        int rowCount, int inputCount, int outputCount)
    {
        var (a, b) = (Operand.RowMajor(outputGradient, outputCount), Operand.ColumnMajor(weight, inputCount));
        var epilogue = new Epilogue { PreActivation = preActivation, Activation = activation };
        var result = new Gemm<TSimd, TVector>.Result { C = inputGradient, Epilogue = epilogue };
        Gemm<TSimd, TVector>.Multiply(team, a, b, new GemmShape(rowCount, inputCount, outputCount), result);
    }

    /// <summary>A is the output's gradient (M,N), B the input (M,K): they are summed over the rows.</summary>
    public static double BackwardWeight(
        ThreadTeam team, float* weightGradient, float* biasGradient, float* outputGradient, float* input, int rowCount, int inputCount,
        int outputCount, bool accumulate)
    {
        var (a, b) = (Operand.ColumnMajor(outputGradient, outputCount), Operand.ColumnMajor(input, inputCount));
        var squares = SquaredNorm<TSimd, TVector>.Prepare(Gemm<TSimd, TVector>.CountParts(outputCount, inputCount));
        var result = new Gemm<TSimd, TVector>.Result
        {
            C = weightGradient,
            RowSums = biasGradient,
            Squares = squares,
            Accumulate = accumulate,
            IsReadLate = true,
        };
        Gemm<TSimd, TVector>.Multiply(team, a, b, new GemmShape(outputCount, inputCount, rowCount), result);
        return squares.Total();
    }

    private static void Forward(ThreadTeam team, float* output, float* input, float* weight, in Epilogue epilogue, GemmShape shape)
    {
        var (a, b) = (Operand.RowMajor(input, shape.K), Operand.RowMajor(weight, shape.K));
        Gemm<TSimd, TVector>.Multiply(team, a, b, shape, new Gemm<TSimd, TVector>.Result { C = output, Epilogue = epilogue });
    }
}
