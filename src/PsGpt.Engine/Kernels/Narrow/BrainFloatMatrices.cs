using System.Runtime.CompilerServices;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Matrices of bfloat16, with the arithmetic of float32: a vector is widened when it is loaded. So each product has the bits of the float32
/// matrix with the same values. Many rows of input take the widened matrix through GEMM.
/// </summary>
internal sealed unsafe class BrainFloatMatrices<TSimd, TVector>(ThreadTeam team)
    : NarrowMatrices<TSimd, TVector>(team, WeightDataType.BFloat16)
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The floats of a widened part of a matrix: 32 MiB, which hold any matrix of a layer of GPT-2 medium.</summary>
    private const int MaximumWidened = 1 << 23;

    public override void MatMulForward(float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape)
    {
        var (rowCount, inputCount, outputCount) = shape;
        if (rowCount <= IKernels.IndependentRowCount)
        {
            Gemm<TSimd, TVector>.Gemv.Multiply<BrainFloatRows<TSimd, TVector>, BrainFloatRow<TSimd, TVector>>(
                Team, output, input, new(weight, inputCount), bias, residual, shape);
            return;
        }

        var height = Math.Clamp(MaximumWidened / inputCount, 1, outputCount);
        if (height == outputCount)
        {
            var widened = WidenAll(weight, inputCount, outputCount, room: 0);
            Gemm<TSimd, TVector>.MatMul.Forward(Team, output, input, widened, bias, residual, shape);
            return;
        }

        for (var first = 0; first < outputCount; first += height)
        {
            var count = Math.Min(height, outputCount - first);
            var widened = WidenAll(RowOf(weight, first, inputCount), inputCount, count, (nint)rowCount * count);
            var part = widened + ((nint)count * inputCount);
            Gemm<TSimd, TVector>.MatMul.Forward(
                Team, part, input, widened, bias is null ? null : bias + first, residual: null, shape with { N = count });
            for (nint row = 0; row < rowCount; row++)
                Place(part + (row * count), output, residual, (row * outputCount) + first, count);
        }
    }

    protected override void Widen(float* row, float* target, int columns) =>
        Widen(new BrainFloatRow<TSimd, TVector>(row), target, columns);

    private static float* RowOf(float* weight, nint row, int inputCount) =>
        NarrowRow.At(WeightDataType.BFloat16, weight, row, inputCount);

    private static void Place(float* part, float* output, float* residual, nint offset, int count)
    {
        for (var n = 0; n < count; n++)
            output[offset + n] = part[n] + (residual is null ? 0 : residual[offset + n]);
    }

    /// <summary>The rows in float32 (N,K), with room for more behind them.</summary>
    private float* WidenAll(float* weight, int inputCount, int rowCount, nint room)
    {
        var widened = Scratch.Get(ScratchSlot.NarrowOperand, ((nint)rowCount * inputCount) + room);
        Team.For(rowCount, ChunkSize.ForFloats(inputCount), new WidenTask(weight, widened, inputCount));
        return widened;
    }

    private readonly struct WidenTask(float* weight, float* widened, int inputCount) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (nint n = start; n < end; n++)
                Widen(new BrainFloatRow<TSimd, TVector>(RowOf(weight, n, inputCount)), widened + (n * inputCount), inputCount);
        }
    }
}
