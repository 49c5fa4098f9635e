using System.Buffers;
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
    // Rows of the file that are walked down side by side: a cache line of the engine's row is written whole.
    private const int Square = 16;

    /// <summary>The shape that the file must have.</summary>
    public long[] Shape => IsVector ? [Columns] : [Rows, Columns];

    /// <summary>The number of values.</summary>
    public long Length => (long)Rows * Columns;

    /// <summary>Reads the values from where a stream stands.</summary>
    public void Read(Stream stream, WeightDataType type, CancellationToken cancellationToken) =>
        ForEachBlock((values, firstRow) =>
        {
            WeightStream.Read(stream, type, values, cancellationToken);
            if (IsTransposed)
                Scatter(values, firstRow);
        });

    /// <summary>Writes the values to a stream.</summary>
    public void Write(Stream stream, WeightDataType type, CancellationToken cancellationToken) =>
        ForEachBlock((values, firstRow) =>
        {
            if (IsTransposed)
                Gather(values, firstRow);
            WeightStream.Write(stream, type, values, cancellationToken);
        });

    /// <summary>
    /// Calls <paramref name="action"/> for each block of whole rows of the file: with their place in the engine's tensor, or with
    /// room for them where the engine has them transposed. A tensor may be larger than a span or the memory that is left.
    /// </summary>
    private void ForEachBlock(BlockAction action)
    {
        var rowsAtOnce = Math.Clamp(WeightStream.PartLength / Columns, 1, Rows);
        var room = IsTransposed ? ArrayPool<float>.Shared.Rent(rowsAtOnce * Columns) : [];
        try
        {
            for (var row = 0; row < Rows; row += rowsAtOnce)
            {
                var length = Math.Min(rowsAtOnce, Rows - row) * Columns;
                action(IsTransposed ? room.AsSpan(0, length) : Target.Range(Offset + ((nint)row * Columns), length), row);
            }
        }
        finally
        {
            if (IsTransposed)
                ArrayPool<float>.Shared.Return(room);
        }
    }

    /// <summary>Puts rows of the file where they stand as columns, in squares that stay in the first cache.</summary>
    private void Scatter(ReadOnlySpan<float> values, int firstRow)
    {
        var rowCount = values.Length / Columns;
        for (var top = 0; top < rowCount; top += Square)
        {
            var height = Math.Min(Square, rowCount - top);
            for (var column = 0; column < Columns; column++)
            {
                var target = Column(column, firstRow + top, height);
                for (var row = 0; row < height; row++)
                    target[row] = values[((top + row) * Columns) + column];
            }
        }
    }

    /// <summary>Takes rows of the file from where they stand as columns.</summary>
    private void Gather(Span<float> values, int firstRow)
    {
        var rowCount = values.Length / Columns;
        for (var top = 0; top < rowCount; top += Square)
        {
            var height = Math.Min(Square, rowCount - top);
            for (var column = 0; column < Columns; column++)
            {
                var source = Column(column, firstRow + top, height);
                for (var row = 0; row < height; row++)
                    values[((top + row) * Columns) + column] = source[row];
            }
        }
    }

    /// <summary>A part of the row that the engine has for a column of the file.</summary>
    private Span<float> Column(int column, int firstRow, int count) => Target.Range(Offset + ((nint)column * Rows) + firstRow, count);

    private delegate void BlockAction(Span<float> values, int firstRow);
}
