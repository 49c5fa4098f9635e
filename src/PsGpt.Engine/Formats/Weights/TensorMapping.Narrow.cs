using System.Buffers;
using System.Buffers.Binary;
using PsGpt.Kernels.Narrow;
using PsGpt.Kernels.Simd;
using PsGpt.Tensors;

namespace PsGpt.Formats.Weights;

/// <content>
/// Reads stored values into a matrix of narrow weights, part by part: the whole matrix never exists as float32. Values that the file stores
/// in the same type stay as they are.
/// </content>
internal sealed unsafe partial record TensorMapping
{
    /// <summary>The rows of a part. Rows of the file may become columns, and a part has whole blocks of them.</summary>
    private static int RowsOfNarrowPart(int rows, int rowCount) =>
        Math.Min(Math.Max(rows / NarrowRow.BlockLength, 1) * NarrowRow.BlockLength, rowCount);

    /// <inheritdoc cref="ReadPart"/>
    private int ReadNarrowPart(ByteSource source, long offset, WeightDataType type, int firstRow)
    {
        var (rows, columns) = (Math.Min(RowsOfPart, Rows - firstRow), Columns);
        offset += WeightConversion.LengthOf(type, (long)firstRow * columns);
        if (type == WeightDataType.Q8_0 && Target.Shape.DataType == type && !IsTransposed)
        {
            CopyBlocks(source, offset, firstRow, rows);
            return rows * columns;
        }

        var room = ArrayPool<float>.Shared.Rent(rows * columns);
        try
        {
            WeightBytes.Read(source, offset, type, room.AsSpan(0, rows * columns));
            if (IsTransposed)
                WriteColumns(room, firstRow, rows);
            else
                WriteRows(room, firstRow, rows);
            return rows * columns;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(room);
        }
    }

    private void WriteRows(float[] values, int firstRow, int rows)
    {
        for (var row = 0; row < rows; row++)
            WriteRow(firstRow + row, 0, values.AsSpan(row * Columns, Columns));
    }

    /// <summary>Rows of the file are columns of the matrix.</summary>
    private void WriteColumns(float[] values, int firstRow, int rows)
    {
        var transposed = ArrayPool<float>.Shared.Rent(rows * Columns);
        try
        {
            fixed (float* from = values, to = transposed)
                Transposition.Copy(from, Columns, rows, Columns, to, rows);
            for (var column = 0; column < Columns; column++)
                WriteRow(column, firstRow, transposed.AsSpan(column * rows, rows));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(transposed);
        }
    }

    private void CopyBlocks(ByteSource source, long offset, int firstRow, int rows)
    {
        var blocks = Columns / NarrowRow.BlockLength;
        var length = rows * blocks * QuantizedBlock.ByteCount;
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            source.Read(offset, bytes.AsSpan(0, length));
            var left = bytes.AsSpan(0, length);
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var target = RowOf(row);
                for (var block = 0; block < blocks; block++, left = left[QuantizedBlock.ByteCount..])
                {
                    NarrowRow.Scales(target)[block] = (float)BinaryPrimitives.ReadHalfLittleEndian(left);
                    left[QuantizedBlock.ScaleBytes..QuantizedBlock.ByteCount].CopyTo(
                        new Span<byte>(NarrowRow.Bytes(target, Columns) + (block * NarrowRow.BlockLength), NarrowRow.BlockLength));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void WriteRow(int row, int firstColumn, ReadOnlySpan<float> values) =>
        NarrowValues.Write(Target.Shape.DataType, RowOf(row), TargetColumns, firstColumn, values);

    private int TargetColumns => Target.Sizes[^1];

    private float* RowOf(nint row) =>
        NarrowRow.At(Target.Shape.DataType, Target.Pointer, (Offset / TargetColumns) + row, TargetColumns);
}
