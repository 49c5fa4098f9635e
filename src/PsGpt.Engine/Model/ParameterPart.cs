using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>A parameter, or some layers of a stacked one.</summary>
/// <param name="TensorIndex">The place of the tensor in the model's parameters.</param>
/// <param name="Shape">The name, the sizes and the role of the tensor.</param>
/// <param name="FirstLayer">The first layer of the part; 0 if the tensor is not stacked.</param>
/// <param name="LayerCount">The number of layers in the part; 1 where the tensor is not stacked.</param>
public sealed record ParameterPart(int TensorIndex, TensorShape Shape, int FirstLayer, int LayerCount)
{
    /// <summary>The number of floats of one layer.</summary>
    public nint LayerLength { get; } = Shape.LayerLength;

    /// <summary>The number of floats.</summary>
    public nint Length => LayerCount * LayerLength;

    /// <summary>One layer of the part in a set that is laid out as the parameters: parameters, gradients or moments.</summary>
    /// <remarks>For use within <c>IOptimizer.Update</c>, while the memory is leased.</remarks>
    /// <param name="set">The set.</param>
    /// <param name="layer">0 … <see cref="LayerCount"/> − 1.</param>
    public Span<float> In(TensorSet set, int layer)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Tensors[TensorIndex].Range(StartIn(set) + (layer * LayerLength), checked((int)LayerLength));
    }

    internal unsafe float* PointerIn(TensorSet set) => set.Tensors[TensorIndex].Pointer + StartIn(set);

    /// <summary>The place of the part in a set's tensor, which may be a part of the whole itself.</summary>
    private nint StartIn(TensorSet set) => set.Shapes[TensorIndex].PlaceOf(Shape.Start + (FirstLayer * LayerLength));
}
