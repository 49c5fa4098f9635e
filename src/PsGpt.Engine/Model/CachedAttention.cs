using PsGpt.Kernels;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// Attention of new positions to all positions of one stream. It keeps the keys and values of those it has read: for each layer (P,C)
/// of each.
/// </summary>
internal sealed unsafe class CachedAttention : ISelfAttention, IDisposable
{
    private readonly IKernels kernels;
    private readonly int headCount;
    private readonly nint C;
    private readonly TensorSet set;
    private readonly float* allKeys;
    private readonly float* allValues;
    private readonly nint layerLength;

    public CachedAttention(GptConfiguration configuration, IKernels kernels)
    {
        (this.kernels, headCount, C) = (kernels, configuration.HeadCount, configuration.ChannelCount);
        int[] sizes = [configuration.LayerCount, configuration.ContextLength, configuration.ChannelCount];
        set = new TensorSet([new("keys", sizes), new("values", sizes)]);
        allKeys = set.PointerTo("keys");
        allValues = set.PointerTo("values");
        layerLength = configuration.ContextLength * C;
    }

    /// <summary>The position of the next row.</summary>
    public int Position { get; set; }

    public void Run(int layer, in LayerActivations values, int rowCount, Dropout dropout)
    {
        var keys = allKeys + (layer * layerLength);
        var cachedValues = allValues + (layer * layerLength);
        Store(keys, cachedValues, values.QueryKeyValue, rowCount);
        if (Position == 0 && rowCount > 1)
        {
            // A prompt sees only itself: one pass over tiles, as in training.
            kernels.AttentionForward(
                values.Attention, values.LogSumExp, values.QueryKeyValue, 1, rowCount, headCount, (int)C, default, dropoutRate: 0);
            return;
        }

        for (var row = 0; row < rowCount; row++)
        {
            kernels.AttentionDecode(
                values.Attention + (row * C), values.QueryKeyValue + (row * 3 * C), keys, cachedValues, Position + row + 1, headCount, (int)C);
        }
    }

    public void Dispose() => set.Dispose();

    private void Store(float* keys, float* values, float* queryKeyValue, int rowCount)
    {
        for (var row = 0; row < rowCount; row++, queryKeyValue += 3 * C)
        {
            var offset = (Position + row) * C;
            new ReadOnlySpan<float>(queryKeyValue + C, (int)C).CopyTo(new Span<float>(keys + offset, (int)C));
            new ReadOnlySpan<float>(queryKeyValue + (2 * C), (int)C).CopyTo(new Span<float>(values + offset, (int)C));
        }
    }
}
