using System.Runtime.CompilerServices;
using PsGpt.Kernels;

namespace PsGpt.Model;

/// <summary>Sends a batch through all layers, up to what the head reads.</summary>
internal sealed unsafe class ForwardPass(GptModel model, Activations activations, IKernels kernels, int batchSize, int sequenceLength)
{
    private readonly GptConfiguration configuration = model.Configuration;
    private readonly LayerParameters[] layers = LayerParameters.All(model.Parameters, model.Configuration.LayerCount);
    private readonly int rowCount = batchSize * sequenceLength;

    /// <param name="tokens">(B,T), checked.</param>
    /// <param name="dropout">The masks of this step; the default drops nothing.</param>
    public void Run(int* tokens, Dropout dropout, CancellationToken cancellationToken)
    {
        var C = configuration.ChannelCount;
        var parameters = model.Parameters;
        var residual = activations.Embedded.Pointer;
        kernels.EmbeddingForward(residual, tokens, parameters.PointerTo("wte"), parameters.PointerTo("wpe"), batchSize, sequenceLength, 0, C);
        if (dropout.Rate != 0)
            kernels.DropoutForward(residual, residual, residual: null, (nint)rowCount * C, dropout.Embedding, dropout.Rate);
        for (var layer = 0; layer < layers.Length; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunLayer(layer, residual, dropout);
            residual = activations.Layers[layer].Residual;
        }

        cancellationToken.ThrowIfCancellationRequested();
        kernels.LayerNormForward(
            activations.NormFinal.Pointer, activations.MeanFinal.Pointer, activations.DeviationFinal.Pointer, residual,
            parameters.PointerTo("lnfw"), parameters.PointerTo("lnfb"), rowCount, C, configuration.LayerNormEpsilon);
    }

    // Compiled once, like the loops that it starts: see ThreadTeam.For.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunLayer(int layer, float* residual, Dropout dropout)
    {
        ref readonly var weights = ref layers[layer];
        ref readonly var values = ref activations.Layers[layer];
        var (C, epsilon) = (configuration.ChannelCount, configuration.LayerNormEpsilon);
        kernels.LayerNormForward(values.Norm1, values.Mean1, values.Deviation1, residual, weights.Norm1Weight, weights.Norm1Bias, rowCount, C, epsilon);
        kernels.MatMulForward(values.QueryKeyValue, values.Norm1, weights.QueryKeyValueWeight, weights.QueryKeyValueBias, residual: null, rowCount, C, 3 * C);
        kernels.AttentionForward(values.Attention, values.LogSumExp, values.QueryKeyValue, batchSize, sequenceLength, configuration.HeadCount, C, dropout.AttentionWeights(layer), dropout.Rate);
        AddProduct(values.Middle, values.Attention, weights.ProjectionWeight, weights.ProjectionBias, residual, C, dropout.AttentionResidual(layer), dropout.Rate);
        kernels.LayerNormForward(values.Norm2, values.Mean2, values.Deviation2, values.Middle, weights.Norm2Weight, weights.Norm2Bias, rowCount, C, epsilon);
        kernels.MatMulActivationForward(values.Expanded, values.Activated, values.Norm2, weights.ExpandWeight, weights.ExpandBias, configuration.Activation, rowCount, C, 4 * C);
        AddProduct(values.Residual, values.Activated, weights.ContractWeight, weights.ContractBias, values.Middle, 4 * C, dropout.FeedForwardResidual(layer), dropout.Rate);
    }

    /// <summary>output = residual + dropout(input · weightᵀ + bias).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddProduct(float* output, float* input, float* weight, float* bias, float* residual, int inputCount, DropoutMask mask, float rate)
    {
        var C = configuration.ChannelCount;
        if (rate == 0)
        {
            kernels.MatMulForward(output, input, weight, bias, residual, rowCount, inputCount, C);
            return;
        }

        var product = activations.Dropped.Pointer;
        kernels.MatMulForward(product, input, weight, bias, residual: null, rowCount, inputCount, C);
        kernels.DropoutForward(output, product, residual, (nint)rowCount * C, mask, rate);
    }
}
