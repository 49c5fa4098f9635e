using System.Runtime.CompilerServices;
using PsGpt.Kernels.Gemm;
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

    /// <summary>
    /// Items are rows of the weight. Four at a time are widened to 16 bits once for all groups of four rows of input. The rest of the
    /// input, which may be all of it, takes them as they are: where it is all, as two streams, as <see cref="Gemm{TSimd, TVector}.Gemv"/>
    /// does.
    /// </summary>
    private readonly struct RowsTask(
        float* output, QuantizedInput input, float* weight, float* bias, float* residual, int outputCount) : IParallelTask
    {
        private const int GroupHeight = 4;

        private readonly int blocks = NarrowRow.BlockCount(input.Columns);
        private readonly int stride = NarrowRow.FloatCount(WeightDataType.Q8_0, input.Columns);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            var quads = input.RowCount / 4 * 4;
            if (quads == 0)
            {
                MultiplyEach(start, end, 0);
                return;
            }

            var sums = stackalloc float[GroupHeight];
            var widened = (short*)Scratch.Get(ScratchSlot.NarrowRows, GroupHeight * input.Stride / 2);
            for (var first = start; first < end; first += GroupHeight)
            {
                var height = Math.Min(GroupHeight, end - first);
                MultiplyFourInputs(first, height, quads, widened, sums);
                MultiplyEach(first, first + height, quads);
            }
        }

        private float* RowOf(nint n) => weight + (n * stride);

        private float* ScalesOf(nint n) => NarrowRow.Scales(RowOf(n), input.Columns);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void MultiplyFourInputs(int first, int height, int quads, short* widened, float* sums)
        {
            var target = widened;
            var ahead = RowOf(first + height);
            var lines = CacheLine.Count(stride, blocks);
            for (var i = 0; i < height; i++)
            {
                var source = (sbyte*)RowOf(first + i);
                for (var block = 0; block < blocks; block++, source += NarrowRow.BlockLength, target += NarrowRow.BlockLength)
                {
                    ahead = CacheLine.Prefetch(ahead, lines);
                    TSimd.WidenBytes(source, target);
                }
            }

            for (var row = 0; row < quads; row += 4)
            {
                for (var i = 0; i < height; i++)
                {
                    QuantizedDot<TSimd, TVector>.OfFourInputs(
                        widened + (i * input.Stride), ScalesOf(first + i), input.Values(row), blocks, sums);
                    for (var j = 0; j < 4; j++)
                        Store(row + j, first + i, sums[j]);
                }
            }
        }

        /// <summary>Rows of input one by one, from <paramref name="firstInput"/>: each takes two rows of the weight side by side.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void MultiplyEach(int start, int end, int firstInput)
        {
            int half = (end - start) / 2, n = start;
            for (; n < start + half; n++)
            {
                for (var row = firstInput; row < input.RowCount; row++)
                {
                    var (left, right) = QuantizedDot<TSimd, TVector>.OfTwoWeights(
                        (sbyte*)RowOf(n), ScalesOf(n), (sbyte*)RowOf(n + half), ScalesOf(n + half), input.Values(row), blocks);
                    Store(row, n, left);
                    Store(row, n + half, right);
                }
            }

            for (n += half; n < end; n++)
            {
                for (var row = firstInput; row < input.RowCount; row++)
                    Store(row, n, QuantizedDot<TSimd, TVector>.Of((sbyte*)RowOf(n), ScalesOf(n), input.Values(row), blocks));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Store(nint row, nint n, float sum)
        {
            var place = (row * outputCount) + n;
            output[place] = (sum * input.Scale(row)) + (bias is null ? 0 : bias[n]) + (residual is null ? 0 : residual[place]);
        }
    }
}
