using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PsGpt.Kernels.Gemm;

/// <summary>Where the products of a few rows of input with the rows of a weight go, with bias and residual, which may be null.</summary>
/// <param name="output">(M,N).</param>
/// <param name="bias">(N).</param>
/// <param name="residual">(M,N).</param>
/// <param name="columns">N, the rows of the weight.</param>
internal readonly unsafe struct GemvOutput(float* output, float* bias, float* residual, int columns)
{
    /// <summary>Stores the product with one row of the weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(nint row, nint n, float sum)
    {
        var place = (row * columns) + n;
        output[place] = sum + (bias is null ? 0 : bias[n]) + (residual is null ? 0 : residual[place]);
    }

    /// <summary>Stores the products with four rows of the weight from <paramref name="n"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(nint row, nint n, Vector128<float> sums)
    {
        var place = (row * columns) + n;
        if (bias is not null)
            sums += Vector128.Load(bias + n);
        if (residual is not null)
            sums += Vector128.Load(residual + place);
        Vector128.Store(sums, output + place);
    }
}
