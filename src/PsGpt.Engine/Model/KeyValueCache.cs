using PsGpt.Kernels.Attention;
using PsGpt.Kernels.Narrow;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// The keys and values of the tokens that a stream has read: for each layer and head the rows of all positions, one behind the other, so
/// that a head reads its memory from one end to the other.
/// </summary>
internal sealed unsafe class KeyValueCache : IDisposable
{
    private readonly GptConfiguration configuration;
    private readonly WeightDataType type;
    private readonly TensorSet set;
    private readonly float* allKeys;
    private readonly float* allValues;
    private readonly int rowFloats;

    /// <param name="type">How keys and values are kept.</param>
    public KeyValueCache(GptConfiguration configuration, WeightDataType type)
    {
        (this.configuration, this.type) = (configuration, type);
        set = new TensorSet(ShapesOf(configuration, type));
        allKeys = set.PointerTo("keys");
        allValues = set.PointerTo("values");
        rowFloats = NarrowRow.FloatCount(type, configuration.HeadSize);
    }

    /// <summary>The tensors of a cache.</summary>
    public static TensorShape[] ShapesOf(GptConfiguration configuration, WeightDataType type)
    {
        int[] sizes = [configuration.LayerCount, configuration.HeadCount, configuration.ContextLength, configuration.HeadSize];
        return [new("keys", sizes) { DataType = type }, new("values", sizes) { DataType = type }];
    }

    /// <summary>The position of the next row.</summary>
    public int Position { get; set; }

    /// <summary>The view of a query of a layer: the first <paramref name="count"/> positions.</summary>
    public CachedKeys View(int layer, int count) => new(
        allKeys + Offset(layer, 0, 0), allValues + Offset(layer, 0, 0), count, configuration.ContextLength);

    /// <summary>
    /// Keeps the keys and values of rows (rows,3C) that begin at the position. The position stays until all layers have theirs. Rounded
    /// values are rounded in the rows too, so that all queries see the same.
    /// </summary>
    public void Store(int layer, float* queryKeyValue, int rowCount)
    {
        var C = configuration.ChannelCount;
        for (var row = 0; row < rowCount; row++, queryKeyValue += 3 * C)
        {
            for (var head = 0; head < configuration.HeadCount; head++)
            {
                var offset = Offset(layer, head, Position + row);
                Store(allKeys + offset, queryKeyValue + C + (head * configuration.HeadSize));
                Store(allValues + offset, queryKeyValue + (2 * C) + (head * configuration.HeadSize));
            }
        }
    }

    /// <summary>Copies the state of another stream of the same decoder.</summary>
    public void CopyFrom(KeyValueCache other)
    {
        var length = other.Position * rowFloats;
        for (var layer = 0; layer < configuration.LayerCount; layer++)
        {
            for (var head = 0; head < configuration.HeadCount; head++)
            {
                var offset = Offset(layer, head, 0);
                new ReadOnlySpan<float>(other.allKeys + offset, length).CopyTo(new Span<float>(allKeys + offset, length));
                new ReadOnlySpan<float>(other.allValues + offset, length).CopyTo(new Span<float>(allValues + offset, length));
            }
        }

        Position = other.Position;
    }

    public void Dispose() => set.Dispose();

    private nint Offset(int layer, int head, int position) =>
        (((((nint)layer * configuration.HeadCount) + head) * configuration.ContextLength) + position) * rowFloats;

    private void Store(float* row, float* values)
    {
        var size = configuration.HeadSize;
        NarrowValues.Write(type, row, size, 0, new ReadOnlySpan<float>(values, size));
        if (type == WeightDataType.Float32)
            return;
        for (var i = 0; i < size; i++)
            values[i] = NarrowValues.Read(type, row, size, i);
    }
}
