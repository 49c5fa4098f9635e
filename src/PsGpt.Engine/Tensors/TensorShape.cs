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

    /// <summary>
    /// The place of the first value in the whole tensor, or in each of its layers if <see cref="WholeLayerLength"/> is above 0; above 0
    /// where the shape is a part of it.
    /// </summary>
    public nint Start { get; init; }

    /// <summary>The number of floats of a layer of the whole tensor if the shape is a part of each layer; otherwise 0.</summary>
    internal nint WholeLayerLength { get; init; }

    /// <summary>The number of layers that are stacked in the tensor; 1 where it is not stacked.</summary>
    public int LayerCount => IsStacked ? Sizes[0] : 1;

    /// <summary>How the values are stored; float32 unless a model keeps its matrices narrower.</summary>
    public WeightDataType DataType { get; init; }

    /// <summary>The number of rows: the product of all sizes but the last.</summary>
    public nint RowCount
    {
        get
        {
            nint product = 1;
            for (var i = 0; i < Sizes.Length - 1; i++)
                product = checked(product * Sizes[i]);
            return product;
        }
    }

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

    /// <summary>Some values of each layer of a stacked tensor.</summary>
    /// <param name="start">The place of the first value in a layer.</param>
    /// <param name="length">The number of values in a layer.</param>
    internal TensorShape PartOfLayers(nint start, nint length) => this with
    {
        Sizes = [LayerCount, checked((int)length)],
        Start = start,
        WholeLayerLength = LayerLength,
    };

    /// <summary>The place in this shape of a value at a place of the whole tensor, which the shape has.</summary>
    internal nint PlaceOf(nint wholePlace) => WholeLayerLength == 0
        ? wholePlace - Start
        : (wholePlace / WholeLayerLength * LayerLength) + (wholePlace % WholeLayerLength) - Start;

    /// <summary>The runs of values that lie side by side in the whole tensor: their places there, and the length of each.</summary>
    internal (nint[] Starts, nint Length) Runs() => WholeLayerLength == 0
        ? ([Start], Length)
        : ([.. Enumerable.Range(0, LayerCount).Select(layer => (layer * WholeLayerLength) + Start)], LayerLength);

    /// <summary>Whether the tensor is a matrix within the layers, between neither tokens nor positions nor logits.</summary>
    public bool IsHiddenMatrix => Role is TensorRole.QueryKeyValueMatrix or TensorRole.HiddenMatrix or TensorRole.ResidualMatrix;

    /// <summary>Whether the tensor multiplies, as embeddings and weights of layers do, rather than shifts or scales.</summary>
    public bool IsMatrix => IsHiddenMatrix || IsEmbedding || Role is TensorRole.Head;

    /// <summary>Whether the tensor has a row for each token or position.</summary>
    public bool IsEmbedding => Role is TensorRole.TokenEmbedding or TensorRole.PositionEmbedding;
}
