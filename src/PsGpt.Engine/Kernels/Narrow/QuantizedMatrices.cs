using System.Runtime.CompilerServices;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Matrices in 8 bits (<see cref="WeightDataType.Q8_0"/>). A few rows of input are rounded to 16 bits: the dot product of a block is then a
/// sum of whole numbers, times its scale. A sum has the same order however few rows of input there are.
/// </summary>
internal sealed unsafe class QuantizedMatrices<TSimd, TVector>(ThreadTeam team)
    : NarrowMatrices<TSimd, TVector>(team, WeightDataType.Q8_0)
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    protected override int MaximumFewRows => QuantizedInput.MaximumRows;

    protected override void MultiplyFewRows(
        float* output, float* input, float* weight, float* bias, float* residual, MatMulShape shape)
    {
        var (rowCount, inputCount, outputCount) = shape;
        var operand = QuantizedInput.Make(Team, input, rowCount, inputCount);
        var chunk = Math.Min(
            ChunkSize.ForFloats(NarrowRow.FloatCount(WeightDataType.Q8_0, inputCount)),
            ChunkSize.ForMultiplyAdds((long)rowCount * inputCount));
        Team.For(outputCount, chunk, new RowsTask(new(output, bias, residual, outputCount), operand, weight));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Widen(float* row, float* target, int columns) =>
        WidenValues(new ByteRow<TSimd, TVector>(row, columns), target, columns);

    /// <summary>
    /// Items are rows of the weight. Four at a time are widened to 16 bits once for all groups of four rows of input. The rest of the
    /// input, which may be all of it, takes them as they are: where it is all, as two streams, as <see cref="Gemm{TSimd, TVector}.Gemv"/>
    /// does.
    /// </summary>
    private readonly struct RowsTask(GemvOutput output, QuantizedInput input, float* weight) : IParallelTask
    {
        private const int GroupHeight = 4;

        private readonly int blocks = NarrowRow.BlockCount(input.Columns);
        private readonly int stride = NarrowRow.FloatCount(WeightDataType.Q8_0, input.Columns);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            int n = start, quads = input.RowCount / 4 * 4;
            if (quads == 0)
            {
                int half = (end - start) / 8 * 4, middle = n + half;
                for (; n < middle; n += 4)
                    MultiplyFours(n, n + half);
                MultiplyEach(n + half, end, 0);
                return;
            }

            var widened = (short*)Scratch.Get(ScratchSlot.NarrowRows, GroupHeight * input.Stride / 2);
            for (; n < end; n += GroupHeight)
            {
                var height = Math.Min(GroupHeight, end - n);
                MultiplyFourInputs(n, height, quads, widened);
                MultiplyEach(n, n + height, quads);
            }
        }

        private float* RowOf(nint n) => weight + (n * stride);

        private float* ScalesOf(nint n) => NarrowRow.Scales(RowOf(n));

        private sbyte* BytesOf(nint n) => NarrowRow.Bytes(RowOf(n), input.Columns);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void MultiplyFourInputs(int first, int height, int quads, short* widened)
        {
            var target = widened;
            var ahead = RowOf(first + height);
            var lines = CacheLine.Count(stride, blocks);
            for (var i = 0; i < height; i++)
            {
                var source = BytesOf(first + i);
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
                    var sums = QuantizedDot<TSimd, TVector>.OfFourInputs(
                        widened + (i * input.Stride), ScalesOf(first + i), input.Values(row), blocks);
                    for (var j = 0; j < 4; j++)
                        Store(row + j, first + i, sums[j]);
                }
            }
        }

        /// <summary>Four rows of the weight from each of two on, with each row of input.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void MultiplyFours(nint left, nint right)
        {
            for (nint row = 0; row < input.RowCount; row++)
            {
                var (left0, right0) = LanesOfTwo(row, left, right);
                var (left1, right1) = LanesOfTwo(row, left + 1, right + 1);
                var (left2, right2) = LanesOfTwo(row, left + 2, right + 2);
                var (left3, right3) = LanesOfTwo(row, left + 3, right + 3);
                var scale = input.Scale(row);
                output.Store(row, left, TSimd.SumEach(left0, left1, left2, left3) * scale);
                output.Store(row, right, TSimd.SumEach(right0, right1, right2, right3) * scale);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private (TVector Left, TVector Right) LanesOfTwo(nint row, nint left, nint right) => QuantizedDot<TSimd, TVector>.LanesOfTwo(
            BytesOf(left), ScalesOf(left), BytesOf(right), ScalesOf(right), input.Values(row), blocks);

        /// <summary>Rows of input one by one, from <paramref name="firstInput"/>: each takes two rows of the weight side by side.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void MultiplyEach(int start, int end, int firstInput)
        {
            var n = start;
            for (; n + 2 <= end; n += 2)
            {
                for (var row = firstInput; row < input.RowCount; row++)
                {
                    var (left, right) = LanesOfTwo(row, n, n + 1);
                    Store(row, n, TSimd.Sum(left));
                    Store(row, n + 1, TSimd.Sum(right));
                }
            }

            for (; n < end; n++)
            {
                for (var row = firstInput; row < input.RowCount; row++)
                    Store(row, n, QuantizedDot<TSimd, TVector>.Of(BytesOf(n), ScalesOf(n), input.Values(row), blocks));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Store(nint row, nint n, float sum) => output.Store(row, n, sum * input.Scale(row));
    }
}
