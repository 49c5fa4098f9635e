using PsGpt.Kernels;
using PsGpt.Kernels.Attention;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// Attention of new positions of several streams, each to all positions of its own stream. The memory of a stream is allocated when
/// it first reads.
/// </summary>
internal sealed unsafe class CachedAttention(
    GptConfiguration configuration, int streamCount, WeightDataType cacheType) : ISelfAttention, IDisposable
{
    private readonly KeyValueCache?[] caches = new KeyValueCache?[streamCount];
    private readonly int[] reading = new int[streamCount];
    private CachedKeys[] views = new CachedKeys[streamCount];
    private IKernels? kernels;
    private int readingCount;

    /// <summary>How many streams there are.</summary>
    public int StreamCount => caches.Length;

    /// <exception cref="GptException"><c>OutOfMemory</c>.</exception>
    public KeyValueCache this[int stream] => caches[stream] ??= new KeyValueCache(configuration, cacheType);

    /// <summary>The number of tokens that a stream has read.</summary>
    public int PositionOf(int stream) => caches[stream]?.Position ?? 0;

    /// <summary>Selects the streams of the next rows, the same number of rows for each, and the kernels that compute them.</summary>
    public void Select(ReadOnlySpan<int> streams, IKernels kernels)
    {
        this.kernels = kernels;
        streams.CopyTo(reading);
        readingCount = streams.Length;
    }

    public void Run(int layer, in LayerActivations values, int rowCount, DropoutMasks dropout)
    {
        var (headCount, C, length) = (configuration.HeadCount, configuration.ChannelCount, rowCount / readingCount);
        for (var i = 0; i < readingCount; i++)
            this[reading[i]].Store(layer, values.QueryKeyValue + ((nint)i * length * 3 * C), length);
        if (readingCount == 1 && rowCount > IKernels.IndependentRowCount && this[reading[0]].Position == 0)
        {
            // A prompt sees only itself: one pass over tiles, as in training. A short one is read as its tokens are one by one, so that
            // the first completion of a session need not wait until the pass over tiles is compiled.
            kernels!.AttentionForward(
                values.Attention, values.LogSumExp, values.QueryKeyValue, new(1, rowCount, headCount, C), DropoutMask.None);
            return;
        }

        if (views.Length < rowCount)
            views = new CachedKeys[rowCount];
        for (var row = 0; row < rowCount; row++)
        {
            var cache = this[reading[row / length]];
            views[row] = cache.View(layer, cache.Position + (row % length) + 1);
        }

        kernels!.AttentionDecode(
            values.Attention, values.QueryKeyValue, 3 * C, views.AsSpan(0, rowCount), cacheType, headCount, C);
    }

    public void Dispose()
    {
        foreach (var cache in caches)
            cache?.Dispose();
    }
}
