using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>The keys and values of the positions that a stream has passed, for each layer (P,C) of each.</summary>
internal sealed unsafe class KeyValueCache(GptConfiguration configuration) : IDisposable
{
    private readonly TensorSet set = new(
    [
        new("keys", configuration.LayerCount, configuration.ContextLength, configuration.ChannelCount),
        new("values", configuration.LayerCount, configuration.ContextLength, configuration.ChannelCount),
    ]);

    public float* Keys(int layer) => set.PointerTo("keys", layer, configuration.LayerCount);

    public float* Values(int layer) => set.PointerTo("values", layer, configuration.LayerCount);

    /// <summary>Keeps the keys and values of rows (rows,3C), the first of which stands at <paramref name="position"/>.</summary>
    public void Store(int layer, int position, float* queryKeyValue, int rows)
    {
        nint C = configuration.ChannelCount;
        for (var row = 0; row < rows; row++, queryKeyValue += 3 * C)
        {
            var offset = (position + row) * C;
            new ReadOnlySpan<float>(queryKeyValue + C, (int)C).CopyTo(new Span<float>(Keys(layer) + offset, (int)C));
            new ReadOnlySpan<float>(queryKeyValue + (2 * C), (int)C).CopyTo(new Span<float>(Values(layer) + offset, (int)C));
        }
    }

    public void Dispose() => set.Dispose();
}
