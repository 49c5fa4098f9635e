using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>Puts values into rows that <see cref="NarrowRow"/> lays out, and takes them out one by one, as the reference does.</summary>
internal static unsafe class NarrowValues
{
    /// <summary>Stores values of a row, rounded to nearest.</summary>
    /// <param name="type">How.</param>
    /// <param name="row">The row.</param>
    /// <param name="columns">The columns of the matrix.</param>
    /// <param name="first">The first column, a multiple of 32.</param>
    /// <param name="source">The values: whole blocks, or the last ones of the row.</param>
    public static void Write(WeightDataType type, float* row, int columns, int first, ReadOnlySpan<float> source)
    {
        if (type == WeightDataType.Float32)
            source.CopyTo(new Span<float>(row + first, source.Length));
        else if (type == WeightDataType.BFloat16)
            NarrowFloats<BrainFloat>.Narrow(source, new Span<ushort>((ushort*)row + first, source.Length));
        else
            QuantizedRow.NarrowWeight(
                source, NarrowRow.Bytes(row, columns) + first, NarrowRow.Scales(row) + (first / NarrowRow.BlockLength));
    }

    /// <summary>A value of a row.</summary>
    public static float Read(WeightDataType type, float* row, int columns, int column) => type switch
    {
        WeightDataType.Float32 => row[column],
        WeightDataType.BFloat16 => BrainFloat.Widen(((ushort*)row)[column]),
        _ => NarrowRow.Bytes(row, columns)[column] * NarrowRow.Scales(row)[column / NarrowRow.BlockLength],
    };
}
