using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>
/// What a forward pass computes and the backward pass needs again. Legend: M = B · T rows, C channels, L layers, NH heads.
/// Without a backward pass to come, all layers share the room of one.
/// </summary>
internal sealed unsafe class Activations : IDisposable
{
    private readonly TensorSet perLayer;
    private readonly TensorSet whole;
    private readonly int storedLayerCount;

    public Activations(GptConfiguration configuration, int rowCount, bool forTraining)
    {
        var (M, C, NH) = (rowCount, configuration.ChannelCount, configuration.HeadCount);
        storedLayerCount = forTraining ? configuration.LayerCount : 1;
        var L = storedLayerCount;
        perLayer = new TensorSet(
        [
            new("norm1", L, M, C), new("mean1", L, M), new("deviation1", L, M),
            new("queryKeyValue", L, M, 3 * C), new("logSumExp", L, M, NH), new("attention", L, M, C),
            new("middle", L, M, C),
            new("norm2", L, M, C), new("mean2", L, M), new("deviation2", L, M),
            new("expanded", L, M, 4 * C), new("activated", L, M, 4 * C),
            new("residual", L, M, C),
        ]);
        whole = new TensorSet([new("embedded", M, C), new("normFinal", M, C), new("meanFinal", M), new("deviationFinal", M), new("dropped", M, C), new("losses", M)]);
        Layers = [.. Enumerable.Range(0, configuration.LayerCount).Select(layer => new LayerActivations(perLayer, forTraining ? layer : 0, L))];
        (Embedded, NormFinal, MeanFinal) = (whole["embedded"], whole["normFinal"], whole["meanFinal"]);
        (DeviationFinal, Dropped, Losses) = (whole["deviationFinal"], whole["dropped"], whole["losses"]);
    }

    public LayerActivations[] Layers { get; }

    /// <summary>(M,C): what enters the first layer.</summary>
    public Tensor Embedded { get; }

    /// <summary>(M,C): what the head reads.</summary>
    public Tensor NormFinal { get; }

    public Tensor MeanFinal { get; }

    public Tensor DeviationFinal { get; }

    /// <summary>(M,C): a product before it is dropped out and added to the residual stream.</summary>
    public Tensor Dropped { get; }

    /// <summary>(M): the loss of each row.</summary>
    public Tensor Losses { get; }

    public void Dispose()
    {
        perLayer.Dispose();
        whole.Dispose();
    }
}
