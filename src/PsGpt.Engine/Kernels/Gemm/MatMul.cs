using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>The matrix products of a linear layer as calls of GEMM, and of GEMV for one or a few rows.</summary>
    internal static class MatMul
    {
        public static void Forward(
            ThreadTeam team, float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape)
        {
            var epilogue = new Epilogue { Bias = bias, Residual = residual };
            Forward(team, output, input, weight, epilogue, shape);
        }

        public static void ActivationForward(
            ThreadTeam team, float* preActivation, float* activated, float* input, float* weight, float* bias,
            ActivationFunction activation, MatMulShape shape)
        {
            var epilogue = new Epilogue { Bias = bias, Activated = activated, Activation = activation };
            Forward(team, preActivation, input, weight, epilogue, shape);
        }

        /// <summary>A is the output's gradient (M,N), B the weight (N,K): they are summed over the outputs.</summary>
        public static void BackwardInput(
            ThreadTeam team, float* inputGradient, float* outputGradient, float* weight, float* preActivation,
            ActivationFunction activation, MatMulShape shape)
        {
            var (a, b) = (Operand.RowMajor(outputGradient, shape.N), Operand.ColumnMajor(weight, shape.K));
            var epilogue = new Epilogue { PreActivation = preActivation, Activation = activation };
            var result = new Result { C = inputGradient, Epilogue = epilogue };
            Multiply(team, a, b, new GemmShape(shape.M, shape.K, shape.N), result);
        }

        /// <summary>A is the output's gradient (M,N), B the input (M,K): they are summed over the rows.</summary>
        public static double BackwardWeight(
            ThreadTeam team, float* weightGradient, float* biasGradient, float* outputGradient, float* input, MatMulShape shape,
            bool accumulate)
        {
            var (a, b) = (Operand.ColumnMajor(outputGradient, shape.N), Operand.ColumnMajor(input, shape.K));
            var squares = SquaredNorm<TSimd, TVector>.Prepare(CountParts(shape.N, shape.K));
            var result = new Result
            {
                C = weightGradient,
                RowSums = biasGradient,
                Squares = squares,
                Accumulate = accumulate,
                IsReadLate = true,
            };
            Multiply(team, a, b, new GemmShape(shape.N, shape.K, shape.M), result);
            return squares.Total();
        }

        private static void Forward(ThreadTeam team, float* output, float* input, float* weight, in Epilogue epilogue, MatMulShape shape)
        {
            if (shape.M <= IKernels.IndependentRowCount)
            {
                Gemv.Multiply(team, output, input, weight, epilogue, shape);
                return;
            }

            var (a, b) = (Operand.RowMajor(input, shape.K), Operand.RowMajor(weight, shape.K));
            Multiply(team, a, b, new GemmShape(shape.M, shape.N, shape.K), new Result { C = output, Epilogue = epilogue });
        }
    }
}
