using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// The addresses of one layer's parameters, or of their gradients or moments, within a <see cref="TensorSet"/>. Null where the
/// variant has no such tensor, which the kernels take as "none".
/// </summary>
internal readonly unsafe struct LayerParameters(TensorSet set, int layer, int layerCount)
{
    public float* Norm1Weight { get; } = set.PointerTo("ln1w", layer, layerCount);

    public float* Norm1Bias { get; } = set.PointerTo("ln1b", layer, layerCount);

    public float* QueryKeyValueWeight { get; } = set.PointerTo("qkvw", layer, layerCount);

    public float* QueryKeyValueBias { get; } = set.PointerTo("qkvb", layer, layerCount);

    public float* ProjectionWeight { get; } = set.PointerTo("attprojw", layer, layerCount);

    public float* ProjectionBias { get; } = set.PointerTo("attprojb", layer, layerCount);

    public float* Norm2Weight { get; } = set.PointerTo("ln2w", layer, layerCount);

    public float* Norm2Bias { get; } = set.PointerTo("ln2b", layer, layerCount);

    public float* ExpandWeight { get; } = set.PointerTo("fcw", layer, layerCount);

    public float* ExpandBias { get; } = set.PointerTo("fcb", layer, layerCount);

    public float* ContractWeight { get; } = set.PointerTo("fcprojw", layer, layerCount);

    public float* ContractBias { get; } = set.PointerTo("fcprojb", layer, layerCount);

    /// <summary>The parameters of all layers, looked up once.</summary>
    public static LayerParameters[] All(TensorSet set, int layerCount) =>
        [.. Enumerable.Range(0, layerCount).Select(layer => new LayerParameters(set, layer, layerCount))];
}
