using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Matrices in 8 bits (<see cref="WeightDataType.Q8_0"/>), multiplied with inputs that are rounded to 16 bits: the dot product of a block
/// is a sum of whole numbers, times its scale. A sum has the same order however many rows of input there are.
/// </summary>
internal sealed unsafe class QuantizedMatrices<TSimd, TVector>(ThreadTeam team)
    : NarrowMatrices<TSimd, TVector>(team, WeightDataType.Q8_0)
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public override void MatMulForward(float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape)
    {
        var (rowCount, inputCount, outputCount) = shape;
        var operand = QuantizedInput.Make(Team, input, rowCount, inputCount);
        var chunk = Math.Min(
            ChunkSize.ForFloats(NarrowRow.FloatCount(WeightDataType.Q8_0, inputCount)),
            ChunkSize.ForMultiplyAdds((long)rowCount * inputCount));
        Team.For(outputCount, chunk, new RowsTask(output, operand, weight, bias, residual, outputCount));
    }

    protected override void Widen(float* row, float* target, int columns) =>
        Widen(new ByteRow<TSimd, TVector>(row, columns), target, columns);

    /// <summary>Items are rows of the weight. Each is widened to 16 bits once for all groups of four rows of input.</summary>
    private readonly struct RowsTask(
        float* output, QuantizedInput input, float* weight, float* bias, float* residual, int outputCount) : IParallelTask
    {
        private const int GroupHeight = 4;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var blocks = NarrowRow.BlockCount(input.Columns);
            var widened = (short*)Scratch.Get(ScratchSlot.NarrowRows, GroupHeight * input.Stride / 2);
            var quads = input.RowCount / 4 * 4;
            for (var first = start; first < end; first += GroupHeight)
            {
                var height = Math.Min(GroupHeight, end - first);
                if (quads > 0)
                    Widen(first, height, widened, blocks);
                for (var row = 0; row < quads; row += 4)
                {
                    for (var i = 0; i < height; i++)
                        MultiplyFour(widened + (i * input.Stride), first + i, row, blocks);
                }

                for (var row = quads; row < input.RowCount; row++)
                {
                    for (var i = 0; i < height; i++)
                        MultiplyOne(first + i, row, blocks);
                }
            }
        }

        private float* RowOf(nint n) => NarrowRow.At(WeightDataType.Q8_0, weight, n, input.Columns);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Widen(int first, int height, short* target, int blocks)
        {
            for (var i = 0; i < height; i++)
            {
                var source = (sbyte*)RowOf(first + i);
                for (var block = 0; block < blocks; block++, source += NarrowRow.BlockLength, target += NarrowRow.BlockLength)
                    TSimd.WidenBytes(source, target);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void MultiplyOne(int n, int row, int blocks)
        {
            var values = RowOf(n);
            var scales = NarrowRow.Scales(values, input.Columns);
            Store(row, n, QuantizedDot<TSimd, TVector>.Of((sbyte*)values, scales, input.Values(row), blocks));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void MultiplyFour(short* values, int n, int row, int blocks)
        {
            var (first, second, third, fourth) = QuantizedDot<TSimd, TVector>.OfFour(
                values, NarrowRow.Scales(RowOf(n), input.Columns), input.Values(row), blocks);
            Store(row, n, first);
            Store(row + 1, n, second);
            Store(row + 2, n, third);
            Store(row + 3, n, fourth);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Store(nint row, nint n, float sum)
        {
            var place = (row * outputCount) + n;
            output[place] = (sum * input.Scale(row)) + (bias is null ? 0 : bias[n]) + (residual is null ? 0 : residual[place]);
        }
    }
}
