using System.Runtime.CompilerServices;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>
/// Rows of input, rounded to whole numbers of the size of bytes with a scale for each block of 32. They are stored in 16 bits, which the
/// processor multiplies.
/// </summary>
internal readonly unsafe struct QuantizedInput
{
    private readonly short* values;
    private readonly float* scales;

    private QuantizedInput(short* values, float* scales, int rowCount, int columns)
    {
        this.values = values;
        this.scales = scales;
        (RowCount, Columns) = (rowCount, columns);
        (Stride, ScaleStride) = (NarrowRow.PaddedLength(columns), NarrowRow.BlockCount(columns));
    }

    public int RowCount { get; }

    public int Columns { get; }

    /// <summary>The values of a row with its padding.</summary>
    public int Stride { get; }

    /// <summary>The scales of a row.</summary>
    public int ScaleStride { get; }

    /// <summary>Rounds an input (M,K) into memory of the calling thread, where it is valid until the next call.</summary>
    public static QuantizedInput Make(ThreadTeam team, float* input, int rowCount, int columns)
    {
        var (valueFloats, blocks) = ((nint)rowCount * NarrowRow.PaddedLength(columns) / 2, NarrowRow.BlockCount(columns));
        var memory = Scratch.Get(ScratchSlot.NarrowOperand, valueFloats + ((nint)rowCount * blocks));
        var result = new QuantizedInput((short*)memory, memory + valueFloats, rowCount, columns);
        team.For(rowCount, ChunkSize.ForFloats(columns), new RoundTask(input, result));
        return result;
    }

    public short* Values(nint row) => values + (row * Stride);

    public float* Scales(nint row) => scales + (row * ScaleStride);

    private readonly struct RoundTask(float* input, QuantizedInput result) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (nint row = start; row < end; row++)
            {
                QuantizedRow.NarrowInput(
                    new ReadOnlySpan<float>(input + (row * result.Columns), result.Columns), result.Values(row), result.Scales(row));
            }
        }
    }
}
