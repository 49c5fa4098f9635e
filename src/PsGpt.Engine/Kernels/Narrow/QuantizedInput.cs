using System.Runtime.CompilerServices;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Rows of input, rounded to whole numbers of 16 bits with a scale for each row: its largest magnitude / 32767. A product with a byte, and
/// the sum of some, fit 32 bits.
/// </summary>
internal readonly unsafe struct QuantizedInput
{
    /// <summary>
    /// More rows are multiplied as they are, with the matrix widened to float32, which takes less time from about 40 rows on.
    /// </summary>
    public const int MaximumRows = 64;

    private readonly short* values;
    private readonly float* scales;

    private QuantizedInput(short* values, float* scales, int rowCount, int columns)
    {
        this.values = values;
        this.scales = scales;
        (RowCount, Columns) = (rowCount, columns);
        Stride = NarrowRow.PaddedLength(columns);
    }

    public int RowCount { get; }

    public int Columns { get; }

    /// <summary>The values of a row with its padding.</summary>
    public int Stride { get; }

    /// <summary>Rounds an input (M,K) into memory of the calling thread, where it is valid until the next call.</summary>
    public static QuantizedInput Make(ThreadTeam team, float* input, int rowCount, int columns)
    {
        var valueFloats = (nint)rowCount * NarrowRow.PaddedLength(columns) / 2;
        var memory = Scratch.Get(ScratchSlot.NarrowOperand, valueFloats + rowCount);
        var result = new QuantizedInput((short*)memory, memory + valueFloats, rowCount, columns);
        team.For(rowCount, ChunkSize.ForFloats(columns), new RoundTask(input, result));
        return result;
    }

    public short* Values(nint row) => values + (row * Stride);

    public float Scale(nint row) => scales[row];

    private readonly struct RoundTask(float* input, QuantizedInput result) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (nint row = start; row < end; row++)
            {
                var source = new ReadOnlySpan<float>(input + (row * result.Columns), result.Columns);
                result.scales[row] = QuantizedRow.NarrowInput(source, new Span<short>(result.Values(row), result.Stride));
            }
        }
    }
}
