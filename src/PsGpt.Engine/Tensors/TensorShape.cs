namespace PsGpt.Tensors;

/// <summary>The name and the sizes of a tensor that is still to be laid out in a block.</summary>
/// <param name="Name">The tensor's name, such as <c>qkvw</c>.</param>
/// <param name="Sizes">The sizes, outermost first. Row-major.</param>
public sealed record TensorShape(string Name, params int[] Sizes)
{
    /// <summary>The number of floats: the product of the sizes.</summary>
    public nint Length => Sizes.Aggregate((nint)1, (product, size) => checked(product * size));
}
