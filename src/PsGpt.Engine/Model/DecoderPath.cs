using PsGpt.Kernels;

namespace PsGpt.Model;

/// <summary>The operators and the layer of a decoder on one team of threads. Any team gives the same bits.</summary>
internal sealed class DecoderPath(
    GptConfiguration configuration, GptParameters parameters, IKernels kernels, IMatrixKernels matrices, CachedAttention attention)
{
    public IKernels Kernels => kernels;

    public IMatrixKernels Matrices => matrices;

    public TransformerLayer Layer { get; } = new(configuration, parameters, kernels, matrices, attention);
}
