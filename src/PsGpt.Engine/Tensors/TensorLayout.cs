namespace PsGpt.Tensors;

/// <summary>
/// The place of a tensor's values in memory: the value (i, j, …) stands at offset + i · strides[0] + j · strides[1] + ….
/// </summary>
/// <param name="Offset">The place of the first value.</param>
/// <param name="Sizes">The sizes, outermost first.</param>
/// <param name="Strides">The distance of neighbours along each axis.</param>
internal sealed record TensorLayout(nint Offset, int[] Sizes, nint[] Strides)
{
    /// <summary>The number of values.</summary>
    public nint Length => Sizes.Aggregate((nint)1, (product, size) => product * size);

    /// <summary>Row-major from the start of the memory.</summary>
    public static TensorLayout RowMajor(IReadOnlyList<int> sizes, nint offset = 0)
    {
        var strides = new nint[sizes.Count];
        nint stride = 1;
        for (var axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride = checked(stride * sizes[axis]);
        }

        return new TensorLayout(offset, [.. sizes], strides);
    }

    /// <summary>The same values with the last two axes exchanged.</summary>
    public TensorLayout Transposed() => this with
    {
        Sizes = [.. Sizes[..^2], Sizes[^1], Sizes[^2]],
        Strides = [.. Strides[..^2], Strides[^1], Strides[^2]],
    };

    /// <summary>The part that the indices select; an axis with a single index goes, further axes stay whole.</summary>
    public TensorLayout Select(IReadOnlyList<TensorIndex> indices)
    {
        var (offset, sizes, strides) = (Offset, new List<int>(), new List<nint>());
        for (var axis = 0; axis < Sizes.Length; axis++)
        {
            var index = axis < indices.Count ? indices[axis] : TensorIndex.All(Sizes[axis]);
            offset += index.Start * Strides[axis];
            if (index.IsSingle)
                continue;
            sizes.Add(index.Count);
            strides.Add(Strides[axis]);
        }

        return new TensorLayout(offset, [.. sizes], [.. strides]);
    }

    /// <summary>The starts of the innermost rows, in order; a single number is a row of one.</summary>
    public IEnumerable<nint> RowStarts()
    {
        if (Length == 0)
            yield break;
        var place = new int[Math.Max(0, Sizes.Length - 1)];
        var start = Offset;
        while (true)
        {
            yield return start;
            var axis = place.Length - 1;
            for (; axis >= 0 && place[axis] == Sizes[axis] - 1; axis--)
            {
                start -= place[axis] * Strides[axis];
                place[axis] = 0;
            }

            if (axis < 0)
                yield break;
            place[axis]++;
            start += Strides[axis];
        }
    }
}
