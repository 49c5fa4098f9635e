using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Matrices in 8 bits (<see cref="WeightDataType.Q8_0"/>), multiplied with inputs that are rounded to 8 bits in the same way: the dot
/// product of two blocks is a sum of whole numbers, times the two scales. A sum has the same order however many rows of input there are.
/// </summary>
internal sealed unsafe class QuantizedMatrices<TSimd, TVector>(ThreadTeam team)
    : NarrowMatrices<TSimd, TVector>(team, WeightDataType.Q8_0)
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public override void MatMulForward(
        float* output, float* input, float* weight, float* bias, float* residual, int rowCount, int inputCount, int outputCount)
    {
        var operand = QuantizedInput.Make(Team, input, rowCount, inputCount);
        var chunk = Math.Min(
            ChunkSize.ForFloats(NarrowRow.FloatCount(WeightDataType.Q8_0, inputCount)),
            ChunkSize.ForMultiplyAdds((long)rowCount * inputCount));
        Team.For(outputCount, chunk, new RowsTask(output, operand, weight, bias, residual, outputCount));
    }

    protected override void Widen(float* row, float* target, int columns)
    {
        var values = (sbyte*)row;
        var scales = NarrowRow.Scales(row, columns);
        for (var i = 0; i < columns; i++)
            target[i] = values[i] * scales[i / NarrowRow.BlockLength];
    }

    /// <summary>
    /// Items are rows of the weight. A few of them are widened to 16 bits together and stay in the first-level cache with four rows of input.
    /// </summary>
    private readonly struct RowsTask(
        float* output, QuantizedInput input, float* weight, float* bias, float* residual, int outputCount) : IParallelTask
    {
        private const int GroupHeight = 4;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var widened = (short*)Scratch.Get(ScratchSlot.NarrowRows, GroupHeight * input.Stride / 2);
            for (var first = start; first < end; first += GroupHeight)
            {
                var height = Math.Min(GroupHeight, end - first);
                for (var i = 0; i < height; i++)
                    Widen((sbyte*)RowOf(first + i), widened + (i * input.Stride), input.Stride);
                var row = 0;
                for (; row + 4 <= input.RowCount; row += 4)
                {
                    for (var i = 0; i < height; i++)
                        MultiplyFour(widened + (i * input.Stride), first + i, row);
                }

                for (; row < input.RowCount; row++)
                {
                    for (var i = 0; i < height; i++)
                        MultiplyOne(widened + (i * input.Stride), first + i, row);
                }
            }
        }

        private float* RowOf(nint n) => weight + (n * NarrowRow.FloatCount(WeightDataType.Q8_0, input.Columns));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Widen(sbyte* source, short* target, int length)
        {
            for (var i = 0; i < length; i += NarrowRow.BlockLength)
                TSimd.WidenBytes(source + i, target + i);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void MultiplyOne(short* values, int n, int row) =>
            Store(row, n, QuantizedDot<TSimd, TVector>.Of(
                values, NarrowRow.Scales(RowOf(n), input.Columns), input.Values(row), input.Scales(row), input.Stride));

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void MultiplyFour(short* values, int n, int row)
        {
            var (first, second, third, fourth) = QuantizedDot<TSimd, TVector>.OfFour(
                values, NarrowRow.Scales(RowOf(n), input.Columns), input.Values(row), input.Scales(row), input.Stride, input.ScaleStride);
            Store(row, n, first);
            Store(row + 1, n, second);
            Store(row + 2, n, third);
            Store(row + 3, n, fourth);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Store(nint row, nint n, float sum)
        {
            var place = (row * outputCount) + n;
            output[place] = sum + (bias is null ? 0 : bias[n]) + (residual is null ? 0 : residual[place]);
        }
    }
}
