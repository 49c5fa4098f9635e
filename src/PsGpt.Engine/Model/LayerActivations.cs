using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>The addresses of one layer's activations. Legend: M rows, C channels, NH heads.</summary>
/// <param name="forTraining">Whether the values before the activation function are kept.</param>
internal readonly unsafe struct LayerActivations(TensorSet set, int layer, bool forTraining)
{
    /// <summary>The tensor that only a backward pass needs beside the one before it.</summary>
    public const string ActivatedName = "feedForwardActivated";

    /// <summary>(M,C): the normalized input, with the mean and the reciprocal standard deviation of each row.</summary>
    public float* Norm1 { get; } = set.PointerTo("norm1", layer);

    public float* Mean1 { get; } = set.PointerTo("mean1", layer);

    public float* Rstd1 { get; } = set.PointerTo("rstd1", layer);

    /// <summary>(M,3C).</summary>
    public float* QueryKeyValue { get; } = set.PointerTo("queryKeyValue", layer);

    /// <summary>(B,NH,T).</summary>
    public float* LogSumExp { get; } = set.PointerTo("logSumExp", layer);

    /// <summary>(M,C): the heads side by side, before the projection.</summary>
    public float* Attention { get; } = set.PointerTo("attention", layer);

    /// <summary>(M,C): the residual stream after the attention.</summary>
    public float* ResidualMid { get; } = set.PointerTo("residualMid", layer);

    public float* Norm2 { get; } = set.PointerTo("norm2", layer);

    public float* Mean2 { get; } = set.PointerTo("mean2", layer);

    public float* Rstd2 { get; } = set.PointerTo("rstd2", layer);

    /// <summary>(M,4C): the up projection, before the activation function.</summary>
    public float* FeedForwardUp { get; } = set.PointerTo("feedForwardUp", layer);

    /// <summary>(M,4C): the up projection, after the activation function; without a backward pass in the same memory.</summary>
    public float* FeedForwardActivated { get; } = set.PointerTo(forTraining ? ActivatedName : "feedForwardUp", layer);

    /// <summary>(M,C): the residual stream after the layer.</summary>
    public float* ResidualOut { get; } = set.PointerTo("residualOut", layer);
}
