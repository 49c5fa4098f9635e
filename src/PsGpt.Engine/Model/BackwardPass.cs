using System.Runtime.CompilerServices;
using PsGpt.Kernels;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>Takes the gradient of what the head read back through all layers to every parameter.</summary>
internal sealed unsafe class BackwardPass : IDisposable
{
    private readonly GptModel model;
    private readonly GptConfiguration configuration;
    private readonly Activations activations;
    private readonly IKernels kernels;
    private readonly LayerParameters[] weights;
    private readonly LayerParameters[] gradients;
    private readonly TensorSet scratch;
    private readonly int batchSize;
    private readonly int sequenceLength;
    private readonly int rowCount;

    public BackwardPass(GptModel model, Activations activations, IKernels kernels, int batchSize, int sequenceLength)
    {
        (this.model, this.activations, this.kernels, this.batchSize, this.sequenceLength) = (model, activations, kernels, batchSize, sequenceLength);
        configuration = model.Configuration;
        rowCount = batchSize * sequenceLength;
        var (M, C) = (rowCount, configuration.ChannelCount);
        Gradients = new TensorSet(configuration.GetParameterShapes());
        scratch = new TensorSet([new("residual", M, C), new("norm", M, C), new("dropped", M, C), new("wide", M, 4 * C)]);
        weights = LayerParameters.All(model.Parameters, configuration.LayerCount);
        gradients = LayerParameters.All(Gradients, configuration.LayerCount);
        Squares = new GradientSquares(configuration.LayerCount);
    }

    /// <summary>The gradients, laid out as the parameters.</summary>
    public TensorSet Gradients { get; }

    /// <summary>What <see cref="Run"/> sums up of the gradients; that of the head is to be written before.</summary>
    public GradientSquares Squares { get; }

    /// <summary>(M,C): the gradient of what the head reads; to be written before <see cref="Run"/>.</summary>
    public float* NormFinalGradient => scratch.PointerTo("norm");

    /// <param name="tokens">(B,T), checked.</param>
    /// <param name="dropout">The masks of the forward pass.</param>
    public void Run(int* tokens, Dropout dropout, bool accumulate, CancellationToken cancellationToken)
    {
        var C = configuration.ChannelCount;
        var residual = scratch.PointerTo("residual");
        scratch["residual"].Clear();
        kernels.LayerNormBackward(
            residual, Gradients.PointerTo("lnfw"), Gradients.PointerTo("lnfb"), NormFinalGradient, activations.Layers[^1].Residual,
            activations.MeanFinal.Pointer, activations.DeviationFinal.Pointer, model.Parameters.PointerTo("lnfw"), rowCount, C, accumulate);
        for (var layer = weights.Length - 1; layer >= 0; layer--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunFeedForward(layer, residual, dropout, accumulate);
            cancellationToken.ThrowIfCancellationRequested();
            RunAttention(layer, residual, dropout, accumulate);
        }

        if (dropout.Rate != 0)
            kernels.DropoutForward(residual, residual, residual: null, (nint)rowCount * C, dropout.Embedding, dropout.Rate);
        ClearEmbeddingGradients(accumulate);
        var squares = configuration.HasTiedHead ? Squares.Head : accumulate ? Squares.TokenEmbedding : 0;
        squares += kernels.EmbeddingBackward(Gradients.PointerTo("wte"), Gradients.PointerTo("wpe"), tokens, residual, batchSize, sequenceLength, C, accumulate);

        // Where gradients cancel each other, rounding may leave a little less than nothing.
        Squares.TokenEmbedding = Math.Max(0, squares);
    }

    public void Dispose()
    {
        Gradients.Dispose();
        scratch.Dispose();
    }

    // Compiled once, like the loops that it starts: see ThreadTeam.For.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunFeedForward(int layer, float* residual, Dropout dropout, bool accumulate)
    {
        ref readonly var weight = ref weights[layer];
        ref readonly var gradient = ref gradients[layer];
        ref readonly var values = ref activations.Layers[layer];
        var C = configuration.ChannelCount;
        var branch = Dropped(residual, dropout.FeedForwardResidual(layer), dropout.Rate);
        var wide = scratch.PointerTo("wide");
        var norm = scratch.PointerTo("norm");
        var contractSquares = kernels.MatMulBackwardWeight(gradient.ContractWeight, gradient.ContractBias, branch, values.Activated, rowCount, 4 * C, C, accumulate);
        kernels.MatMulBackwardInput(wide, branch, weight.ContractWeight, values.Expanded, configuration.Activation, rowCount, 4 * C, C);
        var expandSquares = kernels.MatMulBackwardWeight(gradient.ExpandWeight, gradient.ExpandBias, wide, values.Norm2, rowCount, C, 4 * C, accumulate);
        kernels.MatMulBackwardInput(norm, wide, weight.ExpandWeight, preActivation: null, default, rowCount, C, 4 * C);
        kernels.LayerNormBackward(residual, gradient.Norm2Weight, gradient.Norm2Bias, norm, values.Middle, values.Mean2, values.Deviation2, weight.Norm2Weight, rowCount, C, accumulate);
        Squares.Layers[layer] = contractSquares + expandSquares;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunAttention(int layer, float* residual, Dropout dropout, bool accumulate)
    {
        ref readonly var weight = ref weights[layer];
        ref readonly var gradient = ref gradients[layer];
        ref readonly var values = ref activations.Layers[layer];
        var C = configuration.ChannelCount;
        var layerInput = layer == 0 ? activations.Embedded.Pointer : activations.Layers[layer - 1].Residual;
        var branch = Dropped(residual, dropout.AttentionResidual(layer), dropout.Rate);
        var wide = scratch.PointerTo("wide");
        var norm = scratch.PointerTo("norm");
        var projectionSquares = kernels.MatMulBackwardWeight(gradient.ProjectionWeight, gradient.ProjectionBias, branch, values.Attention, rowCount, C, C, accumulate);
        kernels.MatMulBackwardInput(norm, branch, weight.ProjectionWeight, preActivation: null, default, rowCount, C, C);
        kernels.AttentionBackward(wide, norm, values.Attention, values.LogSumExp, values.QueryKeyValue, batchSize, sequenceLength, configuration.HeadCount, C, dropout.AttentionWeights(layer), dropout.Rate);
        var queryKeyValueSquares = kernels.MatMulBackwardWeight(gradient.QueryKeyValueWeight, gradient.QueryKeyValueBias, wide, values.Norm1, rowCount, C, 3 * C, accumulate);
        kernels.MatMulBackwardInput(norm, wide, weight.QueryKeyValueWeight, preActivation: null, default, rowCount, C, 3 * C);
        kernels.LayerNormBackward(residual, gradient.Norm1Weight, gradient.Norm1Bias, norm, layerInput, values.Mean1, values.Deviation1, weight.Norm1Weight, rowCount, C, accumulate);
        Squares.Layers[layer] += projectionSquares + queryKeyValueSquares;
    }

    /// <summary>The gradient before the dropout of a branch: the same mask, without the residual.</summary>
    private float* Dropped(float* residual, DropoutMask mask, float rate)
    {
        if (rate == 0)
            return residual;
        var dropped = scratch.PointerTo("dropped");
        kernels.DropoutForward(dropped, residual, residual: null, (nint)rowCount * configuration.ChannelCount, mask, rate);
        return dropped;
    }

    /// <summary>
    /// The kernel adds to the token embedding, into which a tied head has written already, and writes the first T positions:
    /// what neither has written must not be left over from the step before.
    /// </summary>
    private void ClearEmbeddingGradients(bool accumulate)
    {
        if (accumulate)
            return;
        if (!configuration.HasTiedHead)
            Gradients["wte"].Clear();
        Gradients["wpe"].Clear(sequenceLength * configuration.ChannelCount);
    }
}
