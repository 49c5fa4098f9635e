using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// The addresses of one layer's parameters, or of their gradients. Null if the variant has no such tensor, which the kernels
/// take as "none".
/// </summary>
internal readonly unsafe struct LayerParameters(TensorSet set, int layer)
{
    public float* Norm1Weight { get; } = set.PointerTo(ParameterNames.Norm1Weight, layer);

    public float* Norm1Bias { get; } = set.PointerTo(ParameterNames.Norm1Bias, layer);

    public float* QueryKeyValueWeight { get; } = set.PointerTo(ParameterNames.QueryKeyValueWeight, layer);

    public float* QueryKeyValueBias { get; } = set.PointerTo(ParameterNames.QueryKeyValueBias, layer);

    public float* AttentionProjectionWeight { get; } = set.PointerTo(ParameterNames.AttentionProjectionWeight, layer);

    public float* AttentionProjectionBias { get; } = set.PointerTo(ParameterNames.AttentionProjectionBias, layer);

    public float* Norm2Weight { get; } = set.PointerTo(ParameterNames.Norm2Weight, layer);

    public float* Norm2Bias { get; } = set.PointerTo(ParameterNames.Norm2Bias, layer);

    public float* FeedForwardUpWeight { get; } = set.PointerTo(ParameterNames.FeedForwardUpWeight, layer);

    public float* FeedForwardUpBias { get; } = set.PointerTo(ParameterNames.FeedForwardUpBias, layer);

    public float* FeedForwardDownWeight { get; } = set.PointerTo(ParameterNames.FeedForwardDownWeight, layer);

    public float* FeedForwardDownBias { get; } = set.PointerTo(ParameterNames.FeedForwardDownBias, layer);
}
