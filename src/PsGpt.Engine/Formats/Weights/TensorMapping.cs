using System.Buffers;
using PsGpt.Kernels.Simd;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Formats.Weights;

/// <summary>Maps a tensor of a file to its place in the engine's stacked, padded tensors.</summary>
/// <param name="Name">The tensor's name in the file.</param>
/// <param name="Rows">The rows in the file; a vector has 1.</param>
/// <param name="Columns">The columns in the file.</param>
/// <param name="Target">The engine's tensor.</param>
/// <param name="Offset">The first value within it.</param>
/// <param name="IsVector">Whether the file has one size only.</param>
/// <param name="IsTransposed">Whether the engine has the file's columns as rows.</param>
internal sealed unsafe partial record TensorMapping(
    string Name, int Rows, int Columns, Tensor Target, nint Offset, bool IsVector, bool IsTransposed)
{
    // Values that are moved at once: with their bytes they stay in the second-level cache.
    private const int PartLength = 1 << 17;

    /// <summary>The shape that the file must have.</summary>
    public long[] Shape => IsVector ? [Columns] : [Rows, Columns];

    /// <summary>The number of values.</summary>
    public long Length => (long)Rows * Columns;

    /// <summary>Rows of the file that make a part, which is moved at once; the last part may be lower.</summary>
    public int RowsOfPart => Target.Shape.DataType == WeightDataType.Float32
        ? Math.Clamp(PartLength / Columns / Transposition.BandHeight * Transposition.BandHeight, 1, Rows)
        : RowsOfNarrowPart(PartLength / Columns, Rows);

    /// <summary>A matrix of its own.</summary>
    public static TensorMapping Matrix(TensorSet set, string name, string tensorName, int rows, int columns) =>
        new(name, rows, columns, set[tensorName], 0, IsVector: false, IsTransposed: false);

    /// <summary>A vector of its own.</summary>
    public static TensorMapping Vector(TensorSet set, string name, string tensorName, int columns) =>
        new(name, 1, columns, set[tensorName], 0, IsVector: true, IsTransposed: false);

    /// <summary>The tensors of all layers, from the names of those of one layer; tensors that the model lacks are left out.</summary>
    public static IEnumerable<TensorMapping> Layers(
        GptModel model, (string Name, string Tensor, bool IsTransposed)[] names, string prefix)
    {
        for (var layer = 0; layer < model.Configuration.LayerCount; layer++)
        {
            foreach (var (name, tensorName, isTransposed) in names)
            {
                if (model.Storage.Find(tensorName) is not { } tensor)
                    continue;
                var isVector = tensor.Sizes.Count == 2;
                var (rows, columns) = isVector ? (1, tensor.Sizes[1])
                    : isTransposed ? (tensor.Sizes[2], tensor.Sizes[1])
                    : (tensor.Sizes[1], tensor.Sizes[2]);
                yield return new($"{prefix}.{layer}.{name}", rows, columns, tensor, (nint)layer * rows * columns, isVector, isTransposed);
            }
        }
    }

    /// <summary>Reads one part of the values. Several threads may read different parts.</summary>
    /// <param name="source">A file.</param>
    /// <param name="offset">Where the tensor begins in it, in bytes.</param>
    /// <param name="type">How it is stored there.</param>
    /// <param name="firstRow">The first row of the part.</param>
    /// <returns>The number of values.</returns>
    public int ReadPart(ByteSource source, long offset, WeightDataType type, int firstRow)
    {
        if (Target.Shape.DataType != WeightDataType.Float32)
            return ReadNarrowPart(source, offset, type, firstRow);
        var rows = Math.Min(RowsOfPart, Rows - firstRow);
        offset += WeightConversion.LengthOf(type, (long)firstRow * Columns);
        if (!IsTransposed)
        {
            WeightBytes.Read(source, offset, type, Target.Range(Offset + ((nint)firstRow * Columns), rows * Columns));
            return rows * Columns;
        }

        var room = ArrayPool<float>.Shared.Rent(rows * Columns);
        try
        {
            WeightBytes.Read(source, offset, type, room.AsSpan(0, rows * Columns));
            fixed (float* values = room)
                Transposition.Copy(values, Columns, rows, Columns, Target.Pointer + Offset + firstRow, Rows);
            return rows * Columns;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(room);
        }
    }

    /// <summary>Writes the values to a stream.</summary>
    /// <param name="share">Is told of the values of each part.</param>
    public void Write(Stream stream, WeightDataType type, WeightProgress share, CancellationToken cancellationToken)
    {
        var room = IsTransposed ? ArrayPool<float>.Shared.Rent(RowsOfPart * Columns) : [];
        try
        {
            for (var row = 0; row < Rows; row += RowsOfPart)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var rows = Math.Min(RowsOfPart, Rows - row);
                var values = IsTransposed ? Gather(room, row, rows) : Target.Range(Offset + ((nint)row * Columns), rows * Columns);
                WeightBytes.Write(stream, type, values);
                share.Add((long)rows * Columns);
            }
        }
        finally
        {
            if (IsTransposed)
                ArrayPool<float>.Shared.Return(room);
        }
    }

    /// <summary>Takes rows of the file from where they stand as columns.</summary>
    private Span<float> Gather(float[] room, int firstRow, int rows)
    {
        fixed (float* values = room)
            Transposition.Copy(Target.Pointer + Offset + firstRow, Rows, Columns, rows, values, Columns);
        return room.AsSpan(0, rows * Columns);
    }
}
