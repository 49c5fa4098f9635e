using System.Runtime.CompilerServices;
using PsGpt.Kernels;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>Takes the gradient of the head's input back through all layers to every parameter.</summary>
internal sealed unsafe class BackwardPass : IDisposable
{
    private readonly GptConfiguration configuration;
    private readonly GptParameters parameters;
    private readonly Activations activations;
    private readonly IKernels kernels;
    private readonly TensorSet scratch;
    private readonly float* residual;
    private readonly float* norm;
    private readonly float* branch;
    private readonly float* wide;
    private readonly int batchSize;
    private readonly int sequenceLength;
    private readonly int rowCount;
    private bool ownsGradients = true;

    public BackwardPass(
        GptConfiguration configuration, GptParameters parameters, Activations activations, IKernels kernels,
        int batchSize, int sequenceLength)
    {
        (this.configuration, this.parameters, this.activations, this.kernels) = (configuration, parameters, activations, kernels);
        (this.batchSize, this.sequenceLength, rowCount) = (batchSize, sequenceLength, batchSize * sequenceLength);
        Gradients = new Gradients(configuration);
        scratch = new TensorSet(ScratchShapes(configuration, rowCount));
        residual = scratch.PointerTo("residual");
        norm = scratch.PointerTo("norm");
        branch = scratch.PointerTo("branch");
        wide = scratch.PointerTo("wide");
    }

    /// <summary>The gradients, laid out as the parameters. Those of the head are to be written before <see cref="Run"/>.</summary>
    public Gradients Gradients { get; }

    /// <summary>(M,C): the gradient of the head's input; to be written before <see cref="Run"/>.</summary>
    public float* FinalNormGradient => norm;

    /// <param name="tokens">(B,T), checked.</param>
    /// <param name="dropout">The masks of the forward pass.</param>
    /// <param name="accumulate">Whether to add to the gradients that are there.</param>
    /// <param name="layerDone">Receives each layer when its gradients are final, the last layer first; or null.</param>
    public void Run(int* tokens, DropoutMasks dropout, bool accumulate, Action<int>? layerDone, CancellationToken cancellationToken)
    {
        var (C, gradients) = (configuration.ChannelCount, Gradients.Pointers);
        scratch["residual"].Clear();
        kernels.LayerNormBackward(
            residual, gradients.FinalNormWeight, gradients.FinalNormBias, norm, activations.Layers[^1].ResidualOut,
            activations.FinalMean.Pointer, activations.FinalRstd.Pointer, parameters.FinalNormWeight, rowCount, C, accumulate);
        for (var layer = configuration.LayerCount - 1; layer >= 0; layer--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunFeedForward(layer, dropout, accumulate);
            cancellationToken.ThrowIfCancellationRequested();
            RunAttention(layer, dropout, accumulate);
            layerDone?.Invoke(layer);
        }

        if (dropout.Rate != 0)
            kernels.DropoutForward(residual, residual, residual: null, (nint)rowCount * C, dropout.Embedding);
        if (!accumulate)
            ClearEmbeddingGradients();
        var growth = kernels.EmbeddingBackward(
            gradients.TokenEmbedding, gradients.PositionEmbedding, tokens, residual, batchSize, sequenceLength, C, accumulate);
        Gradients.AddToSquaredNorm(ParameterNames.TokenEmbedding, growth);
    }

    /// <summary>
    /// The working memory. The wide tensor holds the gradients of the feed-forward part, then those of queries, keys and values.
    /// </summary>
    internal static TensorShape[] ScratchShapes(GptConfiguration configuration, int rowCount)
    {
        var (M, C, F) = (rowCount, configuration.ChannelCount, configuration.FeedForwardWidth);
        return [new("residual", M, C), new("norm", M, C), new("branch", M, C), new("wide", M, Math.Max(F, 3 * C))];
    }

    /// <summary>Hands the gradients over to the caller, who disposes them.</summary>
    public Gradients TakeGradients()
    {
        ownsGradients = false;
        return Gradients;
    }

    public void Dispose()
    {
        if (ownsGradients)
            Gradients.Dispose();
        scratch.Dispose();
    }

    // Compiled once, like the loops that it starts: see ThreadTeam.For.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunFeedForward(int layer, DropoutMasks dropout, bool accumulate)
    {
        ref readonly var weight = ref parameters.Layers[layer];
        ref readonly var gradient = ref Gradients.Pointers.Layers[layer];
        ref readonly var values = ref activations.Layers[layer];
        var (C, F) = (configuration.ChannelCount, configuration.FeedForwardWidth);
        var branchGradient = BranchGradient(dropout.FeedForwardResidual(layer));
        var squaredNorm = kernels.MatMulBackwardWeight(
            gradient.FeedForwardDownWeight, gradient.FeedForwardDownBias, branchGradient, values.FeedForwardActivated,
            new(rowCount, F, C), accumulate);
        Gradients.SetSquaredNorm(ParameterNames.FeedForwardDownWeight, layer, squaredNorm);
        kernels.MatMulBackwardInput(
            wide, branchGradient, weight.FeedForwardDownWeight, values.FeedForwardUp, configuration.Activation, new(rowCount, F, C));
        squaredNorm = kernels.MatMulBackwardWeight(
            gradient.FeedForwardUpWeight, gradient.FeedForwardUpBias, wide, values.Norm2, new(rowCount, C, F), accumulate);
        Gradients.SetSquaredNorm(ParameterNames.FeedForwardUpWeight, layer, squaredNorm);
        kernels.MatMulBackwardInput(norm, wide, weight.FeedForwardUpWeight, preActivation: null, default, new(rowCount, C, F));
        kernels.LayerNormBackward(
            residual, gradient.Norm2Weight, gradient.Norm2Bias, norm, values.ResidualMid, values.Mean2, values.Rstd2,
            weight.Norm2Weight, rowCount, C, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunAttention(int layer, DropoutMasks dropout, bool accumulate)
    {
        ref readonly var weight = ref parameters.Layers[layer];
        ref readonly var gradient = ref Gradients.Pointers.Layers[layer];
        ref readonly var values = ref activations.Layers[layer];
        var C = configuration.ChannelCount;
        var layerInput = layer == 0 ? activations.Embedded.Pointer : activations.Layers[layer - 1].ResidualOut;
        var branchGradient = BranchGradient(dropout.AttentionResidual(layer));
        var squaredNorm = kernels.MatMulBackwardWeight(
            gradient.AttentionProjectionWeight, gradient.AttentionProjectionBias, branchGradient, values.Attention,
            new(rowCount, C, C), accumulate);
        Gradients.SetSquaredNorm(ParameterNames.AttentionProjectionWeight, layer, squaredNorm);
        kernels.MatMulBackwardInput(
            norm, branchGradient, weight.AttentionProjectionWeight, preActivation: null, default, new(rowCount, C, C));
        kernels.AttentionBackward(
            wide, norm, values.Attention, values.LogSumExp, values.QueryKeyValue,
            new(batchSize, sequenceLength, configuration.HeadCount, C), dropout.AttentionWeights(layer));
        squaredNorm = kernels.MatMulBackwardWeight(
            gradient.QueryKeyValueWeight, gradient.QueryKeyValueBias, wide, values.Norm1, new(rowCount, C, 3 * C), accumulate);
        Gradients.SetSquaredNorm(ParameterNames.QueryKeyValueWeight, layer, squaredNorm);
        kernels.MatMulBackwardInput(norm, wide, weight.QueryKeyValueWeight, preActivation: null, default, new(rowCount, C, 3 * C));
        kernels.LayerNormBackward(
            residual, gradient.Norm1Weight, gradient.Norm1Bias, norm, layerInput, values.Mean1, values.Rstd1,
            weight.Norm1Weight, rowCount, C, accumulate);
    }

    /// <summary>The gradient of a branch before its dropout: the same mask, without the residual.</summary>
    private float* BranchGradient(DropoutMask mask)
    {
        if (mask.Rate == 0)
            return residual;
        kernels.DropoutForward(branch, residual, residual: null, (nint)rowCount * configuration.ChannelCount, mask);
        return branch;
    }

    /// <summary>
    /// The kernel adds to the gradient of the token embedding, which a tied head has written already, and writes the first T
    /// positions. Nothing else may be left over from the step before.
    /// </summary>
    private void ClearEmbeddingGradients()
    {
        if (!configuration.HasTiedHead)
        {
            Gradients[ParameterNames.TokenEmbedding].Clear();
            Gradients.SetSquaredNorm(ParameterNames.TokenEmbedding, layer: 0, 0);
        }

        Gradients[ParameterNames.PositionEmbedding].Clear(sequenceLength * configuration.ChannelCount);
    }
}
