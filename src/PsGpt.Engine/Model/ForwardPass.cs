using PsGpt.Kernels;

namespace PsGpt.Model;

/// <summary>Sends whole sequences through all layers, up to the input of the head.</summary>
internal sealed unsafe class ForwardPass : ISelfAttention
{
    private readonly GptConfiguration configuration;
    private readonly GptParameters parameters;
    private readonly Activations activations;
    private readonly IKernels kernels;
    private readonly IMatrixKernels matrices;
    private readonly TransformerLayer transformerLayer;
    private readonly int batchSize;
    private readonly int sequenceLength;

    public ForwardPass(
        GptConfiguration configuration, GptParameters parameters, Activations activations, IKernels kernels, IMatrixKernels matrices,
        int batchSize, int sequenceLength)
    {
        (this.configuration, this.parameters, this.activations, this.kernels) = (configuration, parameters, activations, kernels);
        (this.matrices, this.batchSize, this.sequenceLength) = (matrices, batchSize, sequenceLength);
        transformerLayer = new TransformerLayer(configuration, parameters, kernels, matrices, attention: this);
    }

    /// <param name="tokens">(B,T), checked.</param>
    /// <param name="dropout">The masks of this step.</param>
    public void Run(int* tokens, DropoutMasks dropout, CancellationToken cancellationToken)
    {
        var (C, rowCount) = (configuration.ChannelCount, batchSize * sequenceLength);
        var residual = activations.Embedded.Pointer;
        matrices.EmbeddingForward(
            residual, tokens, parameters.TokenEmbedding, parameters.PositionEmbedding, batchSize, sequenceLength, 0, C);
        if (dropout.Rate != 0)
            kernels.DropoutForward(residual, residual, residual: null, (nint)rowCount * C, dropout.Embedding);
        for (var layer = 0; layer < configuration.LayerCount; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            residual = transformerLayer.Forward(layer, residual, activations, rowCount, dropout);
        }

        cancellationToken.ThrowIfCancellationRequested();
        kernels.LayerNormForward(
            activations.FinalNorm.Pointer, activations.FinalMean.Pointer, activations.FinalRstd.Pointer, residual,
            parameters.FinalNormWeight, parameters.FinalNormBias, rowCount, C, configuration.LayerNormEpsilon);
    }

    void ISelfAttention.Run(int layer, in LayerActivations values, int rowCount, DropoutMasks dropout) =>
        kernels.AttentionForward(
            values.Attention, values.LogSumExp, values.QueryKeyValue,
            new(batchSize, sequenceLength, configuration.HeadCount, configuration.ChannelCount), dropout.AttentionWeights(layer));
}
