using System.Buffers;
using System.Buffers.Binary;
using PsGpt.Kernels.Narrow;
using PsGpt.Kernels.Simd;
using PsGpt.Tensors;

namespace PsGpt.Formats.Weights;

/// <summary>
/// Reads stored values into a matrix of narrow weights, part by part: the whole matrix is never there as float32. Values that the file stores
/// in the same type stay what they are.
/// </summary>
internal static unsafe class NarrowTarget
{
    /// <summary>The rows of a part: those of the file may become columns, of which a part has whole blocks.</summary>
    public static int RowsOfPart(int rows, int rowCount) =>
        Math.Min(Math.Max(rows / NarrowRow.BlockLength, 1) * NarrowRow.BlockLength, rowCount);

    /// <inheritdoc cref="TensorMapping.ReadPart"/>
    public static int ReadPart(TensorMapping mapping, ByteSource source, long offset, WeightDataType type, int firstRow)
    {
        var (rows, columns) = (Math.Min(mapping.RowsOfPart, mapping.Rows - firstRow), mapping.Columns);
        offset += WeightConversion.LengthOf(type, (long)firstRow * columns);
        if (type == WeightDataType.Q8_0 && mapping.Target.Shape.DataType == type && !mapping.IsTransposed)
        {
            CopyBlocks(mapping, source, offset, firstRow, rows);
            return rows * columns;
        }

        var room = ArrayPool<float>.Shared.Rent(rows * columns);
        try
        {
            WeightBytes.Read(source, offset, type, room.AsSpan(0, rows * columns));
            if (mapping.IsTransposed)
                WriteColumns(mapping, room, firstRow, rows);
            else
                WriteRows(mapping, room, firstRow, rows);
            return rows * columns;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(room);
        }
    }

    private static void WriteRows(TensorMapping mapping, float[] values, int firstRow, int rows)
    {
        for (var row = 0; row < rows; row++)
            Write(mapping, firstRow + row, 0, values.AsSpan(row * mapping.Columns, mapping.Columns));
    }

    /// <summary>Rows of the file are columns of the matrix.</summary>
    private static void WriteColumns(TensorMapping mapping, float[] values, int firstRow, int rows)
    {
        var transposed = ArrayPool<float>.Shared.Rent(rows * mapping.Columns);
        try
        {
            fixed (float* from = values, to = transposed)
                Transposition.Copy(from, mapping.Columns, rows, mapping.Columns, to, rows);
            for (var column = 0; column < mapping.Columns; column++)
                Write(mapping, column, firstRow, transposed.AsSpan(column * rows, rows));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(transposed);
        }
    }

    private static void CopyBlocks(TensorMapping mapping, ByteSource source, long offset, int firstRow, int rows)
    {
        var blocks = mapping.Columns / NarrowRow.BlockLength;
        var length = rows * blocks * QuantizedBlock.ByteCount;
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            source.Read(offset, bytes.AsSpan(0, length));
            var left = bytes.AsSpan(0, length);
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var target = RowOf(mapping, row);
                for (var block = 0; block < blocks; block++, left = left[QuantizedBlock.ByteCount..])
                {
                    NarrowRow.Scales(target, mapping.Columns)[block] = (float)BinaryPrimitives.ReadHalfLittleEndian(left);
                    left[QuantizedBlock.ScaleBytes..QuantizedBlock.ByteCount].CopyTo(
                        new Span<byte>((byte*)target + (block * NarrowRow.BlockLength), NarrowRow.BlockLength));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static void Write(TensorMapping mapping, int row, int firstColumn, ReadOnlySpan<float> values) =>
        NarrowValues.Write(mapping.Target.Shape.DataType, RowOf(mapping, row), ColumnsOf(mapping), firstColumn, values);

    private static int ColumnsOf(TensorMapping mapping) => mapping.Target.Sizes[^1];

    private static float* RowOf(TensorMapping mapping, nint row) =>
        mapping.Target.Pointer
        + (((mapping.Offset / ColumnsOf(mapping)) + row) * NarrowRow.FloatCount(mapping.Target.Shape.DataType, ColumnsOf(mapping)));
}
