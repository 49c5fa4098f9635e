using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// The addresses of a model's parameters, or of their gradients, looked up once. Null if the variant has no such tensor.
/// Valid as long as the set is.
/// </summary>
internal sealed unsafe class GptParameters(TensorSet set, GptConfiguration configuration)
{
    public float* TokenEmbedding { get; } = set.PointerTo(ParameterNames.TokenEmbedding);

    public float* PositionEmbedding { get; } = set.PointerTo(ParameterNames.PositionEmbedding);

    public LayerParameters[] Layers { get; } = LayersOf(set, configuration.LayerCount);

    public float* FinalNormWeight { get; } = set.PointerTo(ParameterNames.FinalNormWeight);

    public float* FinalNormBias { get; } = set.PointerTo(ParameterNames.FinalNormBias);

    /// <summary>The token embedding where the head is tied.</summary>
    public float* HeadWeight { get; } = set.PointerTo(configuration.HeadWeightName);

    public float* HeadBias { get; } = set.PointerTo(ParameterNames.HeadBias);

    private static LayerParameters[] LayersOf(TensorSet set, int count)
    {
        var layers = new LayerParameters[count];
        for (var layer = 0; layer < count; layer++)
            layers[layer] = new(set, layer);
        return layers;
    }
}
