namespace PsGpt.Tensors;

/// <summary>
/// A tensor of float32 values that users hold: values of its own, or a view of a model's memory, in which assignments change the
/// model. A view of a freed model throws; it never reads freed memory.
/// </summary>
public sealed partial class GptTensor
{
    /// <summary>The values that are copied out of the memory at once.</summary>
    private const int RowPartLength = 1 << 16;

    private const int PreviewLength = 22;

    private readonly TensorMemory memory;
    private readonly TensorLayout layout;
    private readonly IReadOnlyList<IReadOnlyList<string>?> labels;

    /// <summary>Makes a tensor with values of its own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="sizes">The sizes, outermost first; none for a single number.</param>
    /// <param name="values">The values, row-major; they are copied.</param>
    /// <exception cref="GptException"><c>TensorShapeInvalid</c>: the sizes do not fit the number of values.</exception>
    public GptTensor(string name, IReadOnlyList<int> sizes, ReadOnlySpan<float> values)
        : this(name, role: null, new TensorMemory.Managed(values.ToArray()), TensorLayout.RowMajor(sizes), labels: null)
    {
        if (Length != values.Length)
        {
            throw new GptException("TensorShapeInvalid", GptErrorKind.InvalidArgument,
                $"The tensor '{name}' of {Shape} needs {Length} values, but {values.Length} are given. Change the shape or the values.");
        }
    }

    internal GptTensor(string name, string? role, TensorMemory memory, TensorLayout layout, IReadOnlyList<IReadOnlyList<string>?>? labels)
    {
        (Name, Role, this.memory, this.layout) = (name, role, memory, layout);
        Shape = new TensorSizes(layout.Sizes);
        this.labels = labels ?? [.. layout.Sizes.Select(_ => (IReadOnlyList<string>?)null)];
    }

    /// <summary>The name, such as <c>h.3.attn.c_attn.weight</c>.</summary>
    public string Name { get; }

    /// <summary>Its part in the model, such as <c>HiddenMatrix</c>; null for tensors of your own.</summary>
    public string? Role { get; }

    /// <summary>The sizes, outermost first.</summary>
    public TensorSizes Shape { get; }

    /// <summary>The number of values.</summary>
    public long Length => layout.Length;

    /// <summary>The mean of all values.</summary>
    public double Mean => Statistics.Mean;

    /// <summary>The standard deviation of all values, as of a whole population.</summary>
    public double StandardDeviation => Statistics.StandardDeviation;

    /// <summary>The smallest value.</summary>
    public float Minimum => Statistics.Minimum;

    /// <summary>The largest value.</summary>
    public float Maximum => Statistics.Maximum;

    /// <summary>The square root of the sum of squares.</summary>
    public double Norm => Statistics.Norm;

    /// <summary>The share of values that are exactly 0, 0 … 1.</summary>
    public double ZeroShare => Statistics.ZeroShare;

    /// <summary>The first values, as many as a table has room for.</summary>
    public string Preview
    {
        get
        {
            var text = new System.Text.StringBuilder();
            foreach (var value in Parts().SelectMany(part => part.ToArray()))
            {
                var next = value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture);
                if (text.Length + next.Length + 2 > PreviewLength)
                    return text.Append(" …").ToString();
                text.Append(text.Length > 0 ? " " : "").Append(next);
            }

            return text.ToString();
        }
    }

    private TensorStatistics Statistics => TensorStatistics.Of(Parts());

    /// <summary>A row, or a value of a tensor with one axis. Rows are views; a value or a tensor can be assigned.</summary>
    /// <param name="index">A place (negative from the end), or a range such as <c>'0..3'</c>.</param>
    /// <exception cref="GptException"><c>TensorIndexInvalid</c>, <c>TensorShapeInvalid</c>.</exception>
    public object this[object index]
    {
        get => Get(index);
        set => Set(value, index);
    }

    /// <summary>The part that two indices select.</summary>
    /// <param name="first">The index of the first axis.</param>
    /// <param name="second">The index of the second axis.</param>
    /// <exception cref="GptException"><c>TensorIndexInvalid</c>, <c>TensorShapeInvalid</c>.</exception>
    public object this[object first, object second]
    {
        get => Get(first, second);
        set => Set(value, first, second);
    }

    /// <summary>The part that three indices select.</summary>
    /// <param name="first">The index of the first axis.</param>
    /// <param name="second">The index of the second axis.</param>
    /// <param name="third">The index of the third axis.</param>
    /// <exception cref="GptException"><c>TensorIndexInvalid</c>, <c>TensorShapeInvalid</c>.</exception>
    public object this[object first, object second, object third]
    {
        get => Get(first, second, third);
        set => Set(value, first, second, third);
    }

    /// <summary>The part that four indices select.</summary>
    /// <param name="first">The index of the first axis.</param>
    /// <param name="second">The index of the second axis.</param>
    /// <param name="third">The index of the third axis.</param>
    /// <param name="fourth">The index of the fourth axis.</param>
    /// <exception cref="GptException"><c>TensorIndexInvalid</c>, <c>TensorShapeInvalid</c>.</exception>
    public object this[object first, object second, object third, object fourth]
    {
        get => Get(first, second, third, fourth);
        set => Set(value, first, second, third, fourth);
    }

    /// <summary>The view under one index of the outermost axis.</summary>
    /// <param name="index">The place, negative from the end.</param>
    /// <exception cref="GptException"><c>TensorIndexInvalid</c>.</exception>
    public GptTensor Row(int index) => Slice(index);

    /// <summary>The names of the places along an axis, such as the texts of tokens; null for an axis without names.</summary>
    /// <param name="axis">0 … the number of axes − 1.</param>
    public IReadOnlyList<string>? LabelsOf(int axis) => labels[axis];

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Shape})";

    /// <summary>
    /// The part that some indices select, as a view. It throws where PowerShell's index operator gives null: at a place that is not
    /// there.
    /// </summary>
    /// <param name="indices">A place (negative from the end) or a range such as <c>0..3</c> for each axis; the further axes stay
    /// whole.</param>
    /// <exception cref="GptException"><c>TensorIndexInvalid</c>.</exception>
    public GptTensor Slice(params object[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        if (indices.Length > Shape.Count)
        {
            throw new GptException("TensorIndexInvalid", GptErrorKind.InvalidArgument,
                $"'{Name}' of {Shape} has {Shape.Count} axes, but {indices.Length} indices are given. Use at most {Shape.Count}.");
        }

        TensorIndex[] parsed = [.. indices.Select((index, axis) => TensorIndex.Parse(index, axis, Shape[axis]))];
        var selected = Enumerable.Range(0, Shape.Count)
            .Where(axis => axis >= parsed.Length || !parsed[axis].IsSingle)
            .Select(
                axis => axis < parsed.Length ? labels[axis]?.Skip(parsed[axis].Start).Take(parsed[axis].Count).ToArray() : labels[axis]);
        var name = $"{Name}[{string.Join(", ", parsed)}]";
        return new GptTensor(name, Role, memory, layout.Select(parsed), [.. selected]);
    }

    private object Get(params object[] indices)
    {
        var view = Slice(indices);
        return view.Shape.Count == 0 ? view.ToArray()[0] : view;
    }

    private void Set(object value, params object[] indices) => Slice(indices).Assign(value);
}
