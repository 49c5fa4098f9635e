using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// The results of a forward pass that the backward pass needs again. Without a backward pass, all layers share the memory of one,
/// and the activation function works in place.
/// Legend: M = B · T rows, C channels, L layers, NH heads.
/// </summary>
internal sealed unsafe class Activations : IDisposable
{
    private readonly TensorSet perLayer;
    private readonly TensorSet whole;

    public Activations(GptConfiguration configuration, int rowCount, bool forTraining)
    {
        var shapes = LayerShapes(configuration, rowCount, forTraining ? configuration.LayerCount : 1);
        perLayer = new TensorSet([.. shapes.Where(shape => forTraining || shape.Name != LayerActivations.ActivatedName)]);
        whole = new TensorSet([.. WholeShapes(configuration, rowCount)]);
        Layers = new LayerActivations[configuration.LayerCount];
        for (var layer = 0; layer < Layers.Length; layer++)
            Layers[layer] = new(perLayer, forTraining ? layer : 0, forTraining);
        (Embedded, FinalNorm, FinalMean) = (whole["embedded"], whole["finalNorm"], whole["finalMean"]);
        (FinalRstd, Branch, Losses) = (whole["finalRstd"], whole["branch"], whole["losses"]);
    }

    public LayerActivations[] Layers { get; }

    /// <summary>(M,C): the input of the first layer.</summary>
    public Tensor Embedded { get; }

    /// <summary>(M,C): the input of the head.</summary>
    public Tensor FinalNorm { get; }

    public Tensor FinalMean { get; }

    public Tensor FinalRstd { get; }

    /// <summary>(M,C): the output of a branch before dropout, which then adds it to the residual stream.</summary>
    public Tensor Branch { get; }

    /// <summary>(M): the loss of each row.</summary>
    public Tensor Losses { get; }

    public void Dispose()
    {
        perLayer.Dispose();
        whole.Dispose();
    }

    /// <summary>The number of floats of a training pass.</summary>
    public static long CountOf(GptConfiguration configuration, int rowCount) =>
        LayerShapes(configuration, rowCount, configuration.LayerCount)
            .Concat(WholeShapes(configuration, rowCount)).Sum(shape => (long)shape.Length);

    private static TensorShape[] LayerShapes(GptConfiguration configuration, int rowCount, int L)
    {
        var (M, C, NH) = (rowCount, configuration.ChannelCount, configuration.HeadCount);
        TensorShape Stacked(string name, params int[] sizes) => new(name, [L, .. sizes]) { IsStacked = true };
        return
        [
            Stacked("norm1", M, C), Stacked("mean1", M), Stacked("rstd1", M),
            Stacked("queryKeyValue", M, 3 * C), Stacked("logSumExp", M, NH), Stacked("attention", M, C),
            Stacked("residualMid", M, C),
            Stacked("norm2", M, C), Stacked("mean2", M), Stacked("rstd2", M),
            Stacked("feedForwardUp", M, configuration.FeedForwardWidth),
            Stacked(LayerActivations.ActivatedName, M, configuration.FeedForwardWidth),
            Stacked("residualOut", M, C),
        ];
    }

    private static TensorShape[] WholeShapes(GptConfiguration configuration, int rowCount)
    {
        var (M, C) = (rowCount, configuration.ChannelCount);
        return
        [
            new("embedded", M, C), new("finalNorm", M, C), new("finalMean", M), new("finalRstd", M),
            new("branch", M, C), new("losses", M),
        ];
    }
}
