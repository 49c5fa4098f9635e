namespace PsGpt.Tensors;

/// <summary>A named, row-major view into a <see cref="NativeBlock"/>.</summary>
public sealed unsafe class Tensor
{
    private readonly NativeBlock block;
    private readonly nint offset;

    internal Tensor(TensorShape shape, NativeBlock block, nint offset)
    {
        (this.block, this.offset) = (block, offset);
        (Shape, Length) = (shape, shape.Length);
    }

    /// <summary>The tensor's name, such as <c>qkvw</c>.</summary>
    public string Name => Shape.Name;

    /// <summary>The sizes, outermost first.</summary>
    public IReadOnlyList<int> Sizes => Shape.Sizes;

    /// <summary>The name, the sizes and the role.</summary>
    public TensorShape Shape { get; }

    /// <summary>The number of floats.</summary>
    public nint Length { get; }

    /// <summary>The first float. Keep the owner of the tensor alive while you use it.</summary>
    internal float* Pointer => block.Pointer + offset;

    /// <summary>All values, row-major.</summary>
    /// <exception cref="OverflowException">The tensor has more than 2³¹ − 1 values: take it in parts with <see cref="Slice"/>.</exception>
    public Span<float> Span => new(Pointer, checked((int)Length));

    /// <summary>The values that stand under one index of the outermost size: a layer of a stacked weight, a row of a matrix.</summary>
    /// <param name="index">0 … Sizes[0] − 1.</param>
    public Span<float> Slice(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Sizes[0]);
        var sliceLength = Length / Sizes[0];
        return new(Pointer + (index * sliceLength), checked((int)sliceLength));
    }

    /// <summary>Some values from <paramref name="start"/> on; the caller has checked that they are within the tensor.</summary>
    internal Span<float> Range(nint start, int length) => new(Pointer + start, length);

    /// <summary>Sets the values from <paramref name="start"/> on to 0.</summary>
    internal void Clear(nint start = 0) =>
        System.Runtime.InteropServices.NativeMemory.Clear(Pointer + start, (nuint)(Length - start) * sizeof(float));

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({string.Join(", ", Sizes)})";
}
