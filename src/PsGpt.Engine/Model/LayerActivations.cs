using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>The addresses of one layer's activations. Legend: M rows, C channels, NH heads.</summary>
internal readonly unsafe struct LayerActivations(TensorSet set, int layer, int layerCount)
{
    /// <summary>(M,C) with the mean and the reciprocal deviation of each row.</summary>
    public float* Norm1 { get; } = set.PointerTo("norm1", layer, layerCount);

    public float* Mean1 { get; } = set.PointerTo("mean1", layer, layerCount);

    public float* Deviation1 { get; } = set.PointerTo("deviation1", layer, layerCount);

    /// <summary>(M,3C).</summary>
    public float* QueryKeyValue { get; } = set.PointerTo("queryKeyValue", layer, layerCount);

    /// <summary>(B,NH,T).</summary>
    public float* LogSumExp { get; } = set.PointerTo("logSumExp", layer, layerCount);

    /// <summary>(M,C): the heads side by side, before the projection.</summary>
    public float* Attention { get; } = set.PointerTo("attention", layer, layerCount);

    /// <summary>(M,C): the residual stream after the attention.</summary>
    public float* Middle { get; } = set.PointerTo("middle", layer, layerCount);

    public float* Norm2 { get; } = set.PointerTo("norm2", layer, layerCount);

    public float* Mean2 { get; } = set.PointerTo("mean2", layer, layerCount);

    public float* Deviation2 { get; } = set.PointerTo("deviation2", layer, layerCount);

    /// <summary>(M,4C), before and after the activation.</summary>
    public float* Expanded { get; } = set.PointerTo("expanded", layer, layerCount);

    public float* Activated { get; } = set.PointerTo("activated", layer, layerCount);

    /// <summary>(M,C): the residual stream after the layer.</summary>
    public float* Residual { get; } = set.PointerTo("residual", layer, layerCount);
}
