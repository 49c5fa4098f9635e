using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>A tensor, or some layers of a stacked one, that is trained.</summary>
/// <param name="TensorIndex">Which tensor of the model's parameters.</param>
/// <param name="Name">The tensor's name.</param>
/// <param name="FirstLayer">The first layer of the part; 0 where the tensor is not stacked.</param>
/// <param name="LayerCount">How many layers it holds; 1 where the tensor is not stacked.</param>
/// <param name="LayerLength">The number of floats of one layer.</param>
public sealed record ParameterPart(int TensorIndex, string Name, int FirstLayer, int LayerCount, nint LayerLength)
{
    /// <summary>The number of floats.</summary>
    public nint Length => LayerCount * LayerLength;

    /// <summary>Whether it multiplies (embeddings and weights of layers) rather than shifts or scales.</summary>
    public bool IsMatrix => IsEmbedding || IsHiddenMatrix || Name is "lmheadw";

    /// <summary>Whether it is a matrix within the layers, between neither tokens nor positions nor logits.</summary>
    public bool IsHiddenMatrix => Name is "qkvw" or "attprojw" or "fcw" or "fcprojw";

    private bool IsEmbedding => Name is "wte" or "wpe";

    /// <summary>One layer of the part in a set that is laid out as the parameters: parameters, gradients or moments.</summary>
    /// <param name="layer">0 … <see cref="LayerCount"/> − 1.</param>
    public Span<float> In(TensorSet set, int layer)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Tensors[TensorIndex].Range((FirstLayer + layer) * LayerLength, checked((int)LayerLength));
    }

    internal unsafe float* PointerIn(TensorSet set) => set.Tensors[TensorIndex].Pointer + (FirstLayer * LayerLength);

    /// <summary>What is trained of a model: all that is not frozen.</summary>
    /// <exception cref="GptException"><c>TrainerOptionsInvalid</c>: a frozen layer does not exist.</exception>
    internal static IReadOnlyList<ParameterPart> Trained(GptModel model, TrainerOptions options)
    {
        var layerCount = model.Configuration.LayerCount;
        foreach (var layer in options.FrozenLayers)
            TrainerOptions.Require(layer >= 0 && layer < layerCount, $"there is no layer {layer} to freeze in a model with the layers 0 to {layerCount - 1}");
        var parts = new List<ParameterPart>();
        for (var i = 0; i < model.Parameters.Tensors.Count; i++)
        {
            var tensor = model.Parameters.Tensors[i];
            if (IsStacked(tensor.Name))
                parts.AddRange(Runs(layerCount, options.FrozenLayers).Select(run => new ParameterPart(i, tensor.Name, run.First, run.Count, tensor.Length / layerCount)));
            else if (!options.FreezesEmbedding || tensor.Name is not ("wte" or "wpe"))
                parts.Add(new ParameterPart(i, tensor.Name, 0, 1, tensor.Length));
        }

        return parts;
    }

    private static bool IsStacked(string name) => name is not ("wte" or "wpe" or "lnfw" or "lnfb" or "lmheadw" or "lmheadb");

    /// <summary>The layers that are not frozen, as few runs as possible.</summary>
    private static IEnumerable<(int First, int Count)> Runs(int layerCount, IReadOnlyList<int> frozen)
    {
        for (var first = 0; first < layerCount; first++)
        {
            var end = first;
            while (end < layerCount && !frozen.Contains(end))
                end++;
            if (end > first)
                yield return (first, end - first);
            first = end;
        }
    }
}
