using System.Runtime.CompilerServices;
using PsGpt.Kernels;

namespace PsGpt.Model;

/// <summary>
/// A layer of the transformer, forward: norm, attention and residual sum, then norm, feed-forward network and residual sum
/// (GPT-2's pre-norm block). Training and decoding share it.
/// </summary>
internal sealed unsafe class TransformerLayer(
    GptConfiguration configuration, GptParameters parameters, IKernels kernels, IMatrixKernels matrices, ISelfAttention attention)
{
    // Compiled once, like the loops that it starts: see ThreadTeam.For.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float* Forward(int layer, float* input, Activations activations, int rowCount, DropoutMasks dropout)
    {
        ref readonly var weights = ref parameters.Layers[layer];
        ref readonly var values = ref activations.Layers[layer];
        var branch = activations.Branch.Pointer;
        var (C, epsilon) = (configuration.ChannelCount, configuration.LayerNormEpsilon);
        kernels.LayerNormForward(
            values.Norm1, values.Mean1, values.Rstd1, input, weights.Norm1Weight, weights.Norm1Bias, rowCount, C, epsilon);
        matrices.MatMulForward(
            values.QueryKeyValue, values.Norm1, weights.QueryKeyValueWeight, weights.QueryKeyValueBias, residual: null,
            new(rowCount, C, 3 * C));
        attention.Run(layer, values, rowCount, dropout);
        AddProduct(
            values.ResidualMid, values.Attention, weights.AttentionProjectionWeight, weights.AttentionProjectionBias, input, branch,
            new(rowCount, C, C), dropout.AttentionResidual(layer));
        kernels.LayerNormForward(
            values.Norm2, values.Mean2, values.Rstd2, values.ResidualMid, weights.Norm2Weight, weights.Norm2Bias, rowCount, C, epsilon);
        matrices.MatMulActivationForward(
            values.FeedForwardUp, values.FeedForwardActivated, values.Norm2, weights.FeedForwardUpWeight, weights.FeedForwardUpBias,
            configuration.Activation, new(rowCount, C, configuration.FeedForwardWidth));
        AddProduct(
            values.ResidualOut, values.FeedForwardActivated, weights.FeedForwardDownWeight, weights.FeedForwardDownBias,
            values.ResidualMid, branch, new(rowCount, configuration.FeedForwardWidth, C), dropout.FeedForwardResidual(layer));
        return values.ResidualOut;
    }

    /// <summary>output = residual + dropout(input · weightᵀ + bias).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddProduct(
        float* output, float* input, float* weight, float* bias, float* residual, float* branch, MatMulShape shape,
        DropoutMask mask)
    {
        if (mask.Rate == 0)
        {
            matrices.MatMulForward(output, input, weight, bias, residual, shape);
            return;
        }

        matrices.MatMulForward(branch, input, weight, bias, residual: null, shape);
        kernels.DropoutForward(output, branch, residual, (nint)shape.M * shape.N, mask);
    }
}
