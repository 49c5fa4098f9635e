using PsGpt.Tensors;

namespace PsGpt.Formats;

/// <summary>Where a tensor of a file stands in the engine's stacked, padded tensors.</summary>
/// <param name="Name">The tensor's name in the file.</param>
/// <param name="Rows">The rows in the file; a vector has 1.</param>
/// <param name="Columns">The columns in the file.</param>
/// <param name="Target">The engine's tensor.</param>
/// <param name="Offset">The first value within it.</param>
/// <param name="IsVector">Whether the file has one size only.</param>
/// <param name="IsTransposed">Whether the engine has the file's columns as rows.</param>
internal sealed record TensorPlacement(string Name, int Rows, int Columns, Tensor Target, nint Offset, bool IsVector, bool IsTransposed)
{
    /// <summary>The shape that the file must have.</summary>
    public long[] Shape => IsVector ? [Columns] : [Rows, Columns];

    /// <summary>Reads the values from where a stream stands.</summary>
    public void Read(Stream stream, WeightDataType type, CancellationToken cancellationToken)
    {
        if (!IsTransposed)
        {
            WeightStream.Read(stream, type, Target.Range(Offset, Rows * Columns), cancellationToken);
            return;
        }

        var values = new float[Rows * Columns];
        WeightStream.Read(stream, type, values, cancellationToken);
        Transpose(values, Target.Range(Offset, Rows * Columns), Rows, Columns);
    }

    /// <summary>Writes the values to a stream.</summary>
    public void Write(Stream stream, WeightDataType type, CancellationToken cancellationToken)
    {
        if (!IsTransposed)
        {
            WeightStream.Write(stream, type, Target.Range(Offset, Rows * Columns), cancellationToken);
            return;
        }

        var values = new float[Rows * Columns];
        Transpose(Target.Range(Offset, Rows * Columns), values, Columns, Rows);
        WeightStream.Write(stream, type, values, cancellationToken);
    }

    /// <summary>Writes a matrix (rows, columns) as (columns, rows), in squares that stay in the first cache.</summary>
    private static void Transpose(ReadOnlySpan<float> source, Span<float> target, int rows, int columns)
    {
        const int Square = 32;
        for (var top = 0; top < rows; top += Square)
        {
            for (var left = 0; left < columns; left += Square)
            {
                for (var row = top; row < Math.Min(top + Square, rows); row++)
                {
                    for (var column = left; column < Math.Min(left + Square, columns); column++)
                        target[(column * rows) + row] = source[(row * columns) + column];
                }
            }
        }
    }
}
