namespace PsGpt.Tensors;

/// <summary>
/// A tensor of float32 values that users hold: values of its own, or a view of a model's memory, in which assignments change the
/// model. A view of a freed model throws; it never reads freed memory.
/// </summary>
public sealed partial class GptTensor : IComparable
{
    /// <summary>The values that are copied out of the memory at once.</summary>
    private const int RowPartLength = 1 << 16;

    private const int PreviewLength = 22;

    private readonly TensorMemory memory;
    private readonly TensorLayout layout;
    private readonly IReadOnlyList<TensorAxis> axes;

    /// <summary>Makes a tensor with values of its own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="sizes">The sizes, outermost first; none for a single number.</param>
    /// <param name="values">The values, row-major; they are copied.</param>
    /// <exception cref="GptException"><c>TensorShapeInvalid</c>: the sizes do not fit the number of values.</exception>
    public GptTensor(string name, IReadOnlyList<int> sizes, ReadOnlySpan<float> values)
        : this(name, role: null, new TensorMemory.Managed(values.ToArray()), TensorLayout.RowMajor(sizes), axes: null)
    {
        if (Length != values.Length)
        {
            throw new GptException("TensorShapeInvalid", GptErrorKind.InvalidArgument,
                $"The tensor '{name}' of {Shape} needs {Length} values, but {values.Length} are given. Change the shape or the values.");
        }
    }

    internal GptTensor(string name, string? role, TensorMemory memory, TensorLayout layout, IReadOnlyList<TensorAxis>? axes)
    {
        (Name, Role, this.memory, this.layout) = (name, role, memory, layout);
        Shape = new TensorSizes(layout.Sizes);
        this.axes = axes ?? [.. layout.Sizes.Select(_ => TensorAxis.Unknown)];
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

    /// <summary>
    /// The first values, as many as a table has room for; <c>(freed)</c> for a view of a freed model, because PowerShell shows nothing
    /// where a property throws.
    /// </summary>
    public string Preview
    {
        get
        {
            try
            {
                return PreviewOf(Parts().SelectMany(part => part.ToArray()), PreviewLength);
            }
            catch (ObjectDisposedException)
            {
                return "(freed)";
            }
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
    /// <exception cref="GptException"><c>TensorIndexInvalid</c>: there is no such axis.</exception>
    public IReadOnlyList<string>? LabelsOf(int axis) => AxisOf(axis).Labels;

    /// <summary>The name of an axis, such as <c>head</c>; null for one without a name.</summary>
    /// <param name="axis">0 … the number of axes − 1.</param>
    /// <exception cref="GptException"><c>TensorIndexInvalid</c>: there is no such axis.</exception>
    public string? NameOf(int axis) => AxisOf(axis).Name;

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
        var selected = axes
            .Select((axis, i) => (Axis: i < parsed.Length ? axis.Part(parsed[i]) : axis, Goes: i < parsed.Length && parsed[i].IsSingle))
            .Where(part => !part.Goes).Select(part => part.Axis);
        var name = $"{Name}[{string.Join(", ", parsed)}]";
        return new GptTensor(name, Role, memory, layout.Select(parsed), [.. selected]);
    }

    /// <summary>
    /// Compares by name, by shape and by the values in order, of which NaN is the smallest. So PowerShell's <c>Compare-Object</c> finds
    /// tensors that differ in a value alone.
    /// </summary>
    int IComparable.CompareTo(object? obj) => obj is GptTensor other ? Compare(this, other) : 1;

    private TensorAxis AxisOf(int axis) => (uint)axis < (uint)axes.Count ? axes[axis] : throw new GptException(
        "TensorIndexInvalid", GptErrorKind.InvalidArgument,
        $"'{Name}' of {Shape} has {axes.Count} axes, counted from 0: there is no axis {axis}.");

    private object Get(params object[] indices)
    {
        var view = Slice(indices);
        return view.Shape.Count == 0 ? view.ToArray()[0] : view;
    }

    private void Set(object value, params object[] indices) => Slice(indices).Assign(value);
}
