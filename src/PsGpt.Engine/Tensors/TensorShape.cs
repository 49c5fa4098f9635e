namespace PsGpt.Tensors;

/// <summary>The name, the sizes and the role of a tensor, before it is laid out in a block.</summary>
/// <param name="Name">The tensor's name, such as <c>qkvw</c>.</param>
/// <param name="Sizes">The sizes, outermost first. Row-major.</param>
public sealed record TensorShape(string Name, params int[] Sizes)
{
    /// <summary>The tensor's job in the transformer.</summary>
    public TensorRole Role { get; init; }

    /// <summary>Whether the outermost size counts layers.</summary>
    public bool IsStacked { get; init; }

    /// <summary>The place of the first value in the whole tensor; above 0 where the shape is a part of it.</summary>
    public nint Start { get; init; }

    /// <summary>The number of layers that are stacked in the tensor; 1 where it is not stacked.</summary>
    public int LayerCount => IsStacked ? Sizes[0] : 1;

    /// <summary>How the values are stored; float32 unless a model keeps its matrices narrower.</summary>
    public WeightDataType DataType { get; init; }

    /// <summary>The number of rows: the product of all sizes but the last.</summary>
    public nint RowCount => Sizes.SkipLast(1).Aggregate((nint)1, (product, size) => checked(product * size));

    /// <summary>The memory in floats: the product of the sizes, and less where the values are stored narrower.</summary>
    public nint Length => Sizes.Length == 0 ? 1 : checked(RowCount * NarrowRow.FloatCount(DataType, Sizes[^1]));

    /// <summary>The number of floats of one layer.</summary>
    public nint LayerLength => Length / LayerCount;

    /// <summary>Some values of the tensor, as a vector that keeps the tensor's job.</summary>
    /// <param name="start">The place of the first value.</param>
    /// <param name="length">The number of values.</param>
    internal TensorShape Part(nint start, nint length) => this with
    {
        Sizes = [checked((int)length)],
        IsStacked = false,
        Start = Start + start,
    };

    /// <summary>Whether the tensor is a matrix within the layers, between neither tokens nor positions nor logits.</summary>
    public bool IsHiddenMatrix => Role is TensorRole.QueryKeyValueMatrix or TensorRole.HiddenMatrix or TensorRole.ResidualMatrix;

    /// <summary>Whether the tensor multiplies, as embeddings and weights of layers do, rather than shifts or scales.</summary>
    public bool IsMatrix => IsHiddenMatrix || IsEmbedding || Role is TensorRole.Head;

    /// <summary>Whether the tensor has a row for each token or position.</summary>
    public bool IsEmbedding => Role is TensorRole.TokenEmbedding or TensorRole.PositionEmbedding;
}
