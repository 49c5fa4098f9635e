using PsGpt.Kernels;

namespace PsGpt.Model;

/// <summary>The masks of one step: each place where values are dropped has its own.</summary>
/// <param name="Seed">The seed of the step.</param>
/// <param name="Rate">The share of values to drop; 0 switches dropout off.</param>
internal readonly record struct DropoutMasks(ulong Seed, float Rate)
{
    private const uint PlacesPerLayer = 3;

    /// <summary>The masks that drop nothing.</summary>
    public static DropoutMasks None => default;

    /// <summary>The seed of a batch in a training.</summary>
    /// <param name="seed">The seed of the training.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="index">The number of the batch within the step, from 0.</param>
    public static ulong SeedOf(ulong seed, int step, int index) => RandomStream.Mix(seed + (ulong)step + ((ulong)index << 40));

    /// <summary>Other masks, for the second replica in the same step.</summary>
    public DropoutMasks Other => this with { Seed = RandomStream.Mix(Seed) };

    public DropoutMask Embedding => DropoutMask.Create(Seed, 0, Rate);

    public DropoutMask AttentionWeights(int layer) => Place(layer, 1);

    public DropoutMask AttentionResidual(int layer) => Place(layer, 2);

    public DropoutMask FeedForwardResidual(int layer) => Place(layer, 3);

    private DropoutMask Place(int layer, uint place) => DropoutMask.Create(Seed, ((uint)layer * PlacesPerLayer) + place, Rate);
}
