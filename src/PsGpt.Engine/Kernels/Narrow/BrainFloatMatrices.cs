using System.Runtime.CompilerServices;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Matrices of bfloat16, with the arithmetic of float32: a vector is widened when it is loaded. So each product has the bits of the float32
/// matrix with the same values.
/// </summary>
internal sealed unsafe class BrainFloatMatrices<TSimd, TVector>(ThreadTeam team)
    : NarrowMatrices<TSimd, TVector>(team, WeightDataType.BFloat16)
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    protected override int MaximumFewRows => IKernels.IndependentRowCount;

    protected override void MultiplyFewRows(
        float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape) =>
        Gemm<TSimd, TVector>.Gemv.Multiply<BrainFloatRows<TSimd, TVector>, BrainFloatRow<TSimd, TVector>>(
            Team, output, input, new(weight, shape.K), bias, residual, shape);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Widen(float* row, float* target, int columns) =>
        WidenValues(new BrainFloatRow<TSimd, TVector>(row), target, columns);
}
