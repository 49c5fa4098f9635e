using PsGpt.Kernels;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>
/// Makes the rows or columns of a matrix nearly orthonormal: replaces U·S·Vᵀ by U·S'·Vᵀ with all of S' about 1, by five steps of a
/// quintic Newton-Schulz iteration (Keller Jordan 2024, "Muon").
/// </summary>
/// <remarks>
/// A step is X ← (a·I + b·A + c·A²)·X with A = X·Xᵀ, or X·(…) with A = Xᵀ·X where the matrix is tall: the smaller of the two, and no
/// transposition. All products are the kernels'.
/// </remarks>
internal sealed unsafe class NewtonSchulz(IKernels kernels, nint maximumLength, nint maximumSide) : IDisposable
{
    private const int StepCount = 5;
    private const float A = 3.4445f;
    private const float B = -4.7750f;
    private const float C = 2.0315f;
    private const float Epsilon = 1e-7f;

    private readonly NativeBlock other = new(maximumLength);
    private readonly NativeBlock gram = new(maximumSide * maximumSide);
    private readonly NativeBlock polynomial = new(maximumSide * maximumSide);

    /// <summary>Replaces a matrix (rows, columns) in place.</summary>
    public void Orthogonalize(float* matrix, int rows, int columns)
    {
        var length = (nint)rows * columns;
        var norm = (float)Math.Sqrt(kernels.SumOfSquares(matrix, length));
        kernels.LinearCombination(matrix, matrix, 1 / (norm + Epsilon), matrix, 0, length);
        var (current, next) = ((nint)matrix, (nint)other.Pointer);
        for (var step = 0; step < StepCount; step++)
        {
            Step((float*)current, (float*)next, rows, columns);
            (current, next) = (next, current);
        }

        // An odd number of steps ends in the other buffer.
        kernels.LinearCombination(matrix, (float*)current, 1, (float*)current, 0, length);
    }

    public void Dispose()
    {
        other.Dispose();
        gram.Dispose();
        polynomial.Dispose();
    }

    private void Step(float* x, float* output, int rows, int columns)
    {
        var side = Math.Min(rows, columns);
        var g = gram.Pointer;
        var p = polynomial.Pointer;
        if (rows <= columns)
            kernels.MatMulForward(g, x, x, bias: null, residual: null, new(rows, columns, rows));
        else
            kernels.MatMulBackwardWeight(g, biasGradient: null, x, x, new(rows, columns, columns), accumulate: false);
        kernels.MatMulForward(p, g, g, bias: null, residual: null, new(side, side, side));
        kernels.LinearCombination(p, p, C, g, B, (nint)side * side);
        for (nint i = 0; i < side; i++)
            p[(i * side) + i] += A;
        if (rows <= columns)
            kernels.MatMulBackwardInput(output, p, x, preActivation: null, default, new(rows, columns, rows));
        else
            kernels.MatMulForward(output, x, p, bias: null, residual: null, new(rows, columns, columns));
    }
}
