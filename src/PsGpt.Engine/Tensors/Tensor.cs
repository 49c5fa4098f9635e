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

    /// <summary>Copies values out of the tensor, row-major.</summary>
    /// <param name="target">Takes the values.</param>
    /// <param name="start">The place of the first value in the tensor.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has not so many values.</exception>
    /// <exception cref="ObjectDisposedException">The owner of the tensor was disposed.</exception>
    public void CopyTo(Span<float> target, nint start = 0)
    {
        RequireWithin(start, target.Length);
        using var lease = block.Lease();
        Range(start, target.Length).CopyTo(target);
    }

    /// <summary>Copies values into the tensor, row-major.</summary>
    /// <param name="source">The values.</param>
    /// <param name="start">The place of the first value in the tensor.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has not so many values.</exception>
    /// <exception cref="ObjectDisposedException">The owner of the tensor was disposed.</exception>
    public void CopyFrom(ReadOnlySpan<float> source, nint start = 0)
    {
        RequireWithin(start, source.Length);
        using var lease = block.Lease();
        source.CopyTo(Range(start, source.Length));
    }

    /// <summary>The first float. Hold a lease while you use it.</summary>
    internal float* Pointer => block.Pointer + offset;

    /// <summary>All values, row-major. Hold a lease while you use it.</summary>
    /// <exception cref="OverflowException">
    /// The tensor has more than 2³¹ − 1 values: take it in parts with <see cref="Slice"/>.
    /// </exception>
    internal Span<float> Span => new(Pointer, checked((int)Length));

    /// <summary>The values under one index of the outermost size: a layer of a stacked weight, a row of a matrix. Hold a lease.</summary>
    /// <param name="index">0 … Sizes[0] − 1.</param>
    internal Span<float> Slice(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Sizes[0]);
        var sliceLength = Length / Sizes[0];
        return new(Pointer + (index * sliceLength), checked((int)sliceLength));
    }

    /// <summary>Some values from <paramref name="start"/> on, which the caller has checked to be within the tensor. Hold a lease.</summary>
    internal Span<float> Range(nint start, int length) => new(Pointer + start, length);

    /// <summary>Sets the values from <paramref name="start"/> on to 0.</summary>
    internal void Clear(nint start = 0) =>
        System.Runtime.InteropServices.NativeMemory.Clear(Pointer + start, (nuint)(Length - start) * sizeof(float));

    private void RequireWithin(nint start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length - length);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({string.Join(", ", Sizes)})";
}
