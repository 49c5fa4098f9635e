using System.Collections;

namespace PsGpt.Tensors;

/// <summary>The sizes of a tensor's axes, outermost first; as text <c>2 x 3</c>.</summary>
/// <param name="sizes">The sizes, each at least 0; none for a single number.</param>
public sealed class TensorSizes(params int[] sizes) : IReadOnlyList<int>
{
    /// <summary>The number of axes.</summary>
    public int Count => sizes.Length;

    /// <summary>The number of values: the product of the sizes, 1 for a single number.</summary>
    internal nint Product => sizes.Aggregate((nint)1, (product, size) => checked(product * size));

    /// <inheritdoc/>
    public int this[int axis] => sizes[axis];

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => sizes.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => sizes.Length == 0 ? "1" : string.Join(" x ", sizes);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
