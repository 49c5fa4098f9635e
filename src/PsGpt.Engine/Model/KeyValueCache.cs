using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>The keys and values of what a stream has read: for each layer (P,C) of each.</summary>
internal sealed unsafe class KeyValueCache : IDisposable
{
    private readonly GptConfiguration configuration;
    private readonly TensorSet set;
    private readonly float* allKeys;
    private readonly float* allValues;
    private readonly nint layerLength;
    private readonly nint C;

    public KeyValueCache(GptConfiguration configuration)
    {
        (this.configuration, C) = (configuration, configuration.ChannelCount);
        int[] sizes = [configuration.LayerCount, configuration.ContextLength, configuration.ChannelCount];
        set = new TensorSet([new("keys", sizes), new("values", sizes)]);
        allKeys = set.PointerTo("keys");
        allValues = set.PointerTo("values");
        layerLength = configuration.ContextLength * C;
    }

    /// <summary>The position of the next row.</summary>
    public int Position { get; set; }

    public float* Keys(int layer) => allKeys + (layer * layerLength);

    public float* Values(int layer) => allValues + (layer * layerLength);

    /// <summary>Keeps the keys and values of rows (rows,3C) that begin at the position; it stays until all layers have theirs.</summary>
    public void Store(int layer, float* queryKeyValue, int rowCount)
    {
        for (var row = 0; row < rowCount; row++, queryKeyValue += 3 * C)
        {
            var offset = (Position + row) * C;
            new ReadOnlySpan<float>(queryKeyValue + C, (int)C).CopyTo(new Span<float>(Keys(layer) + offset, (int)C));
            new ReadOnlySpan<float>(queryKeyValue + (2 * C), (int)C).CopyTo(new Span<float>(Values(layer) + offset, (int)C));
        }
    }

    /// <summary>Takes over what another stream of the same model has read.</summary>
    public void CopyFrom(KeyValueCache other)
    {
        var length = other.Position * (int)C;
        for (var layer = 0; layer < configuration.LayerCount; layer++)
        {
            new ReadOnlySpan<float>(other.Keys(layer), length).CopyTo(new Span<float>(Keys(layer), length));
            new ReadOnlySpan<float>(other.Values(layer), length).CopyTo(new Span<float>(Values(layer), length));
        }

        Position = other.Position;
    }

    public void Dispose() => set.Dispose();
}
