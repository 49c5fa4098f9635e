using PsGpt.Formats.Weights;
using PsGpt.Tensors;

namespace PsGpt.Formats.Gguf;

/// <summary>One tensor of a GGUF file.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="TypeNumber">What the file says of the type of its values.</param>
/// <param name="Shape">The sizes, outermost first; GGUF itself has them innermost first.</param>
/// <param name="Begin">Where its bytes begin: within the data as the file says it, within the file once that is read.</param>
internal sealed record GgufTensor(string Name, uint TypeNumber, long[] Shape, Int128 Begin)
{
    private const int MostSizes = 4;

    /// <summary>How its values are stored, or null where they cannot be read.</summary>
    public WeightDataType? DataType { get; } = GgufTensorType.Find(TypeNumber);

    /// <summary>The number of values.</summary>
    public long ValueCount { get; } = Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Where its bytes end; where they begin if their number is not known.</summary>
    public Int128 End => DataType is { } type ? Begin + WeightConversion.LengthOf(type, ValueCount) : Begin;

    /// <summary>Reads what a file says of a tensor.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    /// <exception cref="FormatException">It cannot be.</exception>
    public static GgufTensor Read(GgufCursor cursor)
    {
        var name = cursor.ReadText();
        var sizeCount = cursor.ReadUInt32();
        if (sizeCount > MostSizes)
            throw new FormatException($"its tensor '{name}' has {sizeCount} sizes, and {MostSizes} are the most");
        var shape = new long[sizeCount];
        UInt128 length = 1;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            var size = cursor.ReadUInt64();
            length *= size;

            // A value of 64 bits takes 8 bytes: beyond this, no count of bytes would fit.
            if (length > long.MaxValue / 8 || size > long.MaxValue)
                throw new FormatException($"its tensor '{name}' has more values than any file");
            shape[i] = (long)size;
        }

        var tensor = new GgufTensor(name, cursor.ReadUInt32(), shape, cursor.ReadUInt64());
        if (tensor.DataType == WeightDataType.Q8_0 && (shape.Length == 0 || shape[^1] % QuantizedBlock.ValueCount != 0))
            throw new FormatException($"the rows of its tensor '{name}' are not whole blocks of {QuantizedBlock.ValueCount}");
        return tensor;
    }
}
