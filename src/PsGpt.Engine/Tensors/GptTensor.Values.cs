using System.Globalization;
using System.Text;

namespace PsGpt.Tensors;

/// <content>Copying values in and out.</content>
public sealed partial class GptTensor
{
    /// <summary>Makes a tensor of numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">A number, lists of equal length within each other, which give the shape, or a tensor, which is given
    /// back.</param>
    /// <exception cref="GptException"><c>TensorValueInvalid</c>, <c>TensorShapeInvalid</c>.</exception>
    public static GptTensor From(string name, object value) => TensorValues.Read(name, value);

    /// <summary>Overwrites the values.</summary>
    /// <param name="value">One number for all places, as many numbers as there are places, or a tensor.</param>
    /// <exception cref="GptException"><c>TensorValueInvalid</c>, <c>TensorShapeInvalid</c>.</exception>
    public void Assign(object value) => TensorValues.Assign(this, value);

    /// <summary>A copy of all values, row-major.</summary>
    /// <exception cref="OverflowException">The tensor has more than 2³¹ − 1 values: take it in parts.</exception>
    public float[] ToArray()
    {
        var values = new float[checked((int)Length)];
        var done = 0;
        foreach (var part in Parts())
        {
            part.Span.CopyTo(values.AsSpan(done));
            done += part.Length;
        }

        return values;
    }

    /// <summary>A tensor with a copy of the values.</summary>
    public GptTensor Copy() => new(Name, Role, new TensorMemory.Managed(ToArray()), TensorLayout.RowMajor(Shape), axes);

    /// <summary>Overwrites all values.</summary>
    /// <param name="values">As many values, row-major.</param>
    /// <exception cref="GptException"><c>TensorShapeInvalid</c>.</exception>
    public void SetValues(ReadOnlySpan<float> values)
    {
        if (values.Length != Length)
        {
            throw new GptException("TensorShapeInvalid", GptErrorKind.InvalidArgument,
                $"'{Name}' of {Shape} takes {Length} values or one for all, not {values.Length}.");
        }

        var rowLength = layout.Sizes.Length == 0 ? 1 : layout.Sizes[^1];
        var done = 0;
        foreach (var start in layout.RowStarts())
        {
            WriteRow(start, values.Slice(done, rowLength));
            done += rowLength;
        }
    }

    /// <summary>Sets all values to one.</summary>
    public void Fill(float value)
    {
        var row = new float[layout.Sizes.Length == 0 ? 1 : layout.Sizes[^1]];
        Array.Fill(row, value);
        foreach (var start in layout.RowStarts())
            WriteRow(start, row);
    }

    /// <summary>All values in order, in parts that are valid until the next one is asked for.</summary>
    private IEnumerable<ReadOnlyMemory<float>> Parts()
    {
        var (rowLength, stride) = layout.Sizes.Length == 0 ? (1, (nint)1) : (layout.Sizes[^1], layout.Strides[^1]);
        var buffer = new float[Math.Min(rowLength, RowPartLength)];
        foreach (var start in layout.RowStarts())
        {
            for (var done = 0; done < rowLength; done += RowPartLength)
            {
                var part = buffer.AsMemory(0, Math.Min(RowPartLength, rowLength - done));
                memory.Read(start + (done * stride), stride, part.Span);
                yield return part;
            }
        }
    }

    private void WriteRow(nint start, ReadOnlySpan<float> values) =>
        memory.Write(start, layout.Sizes.Length == 0 ? 1 : layout.Strides[^1], values);

    /// <summary>The first values, as many as a text of a length holds.</summary>
    private static string PreviewOf(IEnumerable<float> values, int length)
    {
        var text = new StringBuilder();
        foreach (var value in values)
        {
            var next = value.ToString("G4", CultureInfo.InvariantCulture);
            if (text.Length + next.Length + 2 > length)
                return text.Append(" …").ToString();
            text.Append(text.Length > 0 ? " " : "").Append(next);
        }

        return text.ToString();
    }

    /// <summary>The order of two tensors: by name, by shape, by the first value that differs.</summary>
    private static int Compare(GptTensor left, GptTensor right)
    {
        var byName = string.CompareOrdinal(left.Name, right.Name);
        var byShape = left.Shape.Count != right.Shape.Count
            ? left.Shape.Count - right.Shape.Count
            : left.Shape.Zip(right.Shape, (one, other) => one.CompareTo(other)).FirstOrDefault(order => order != 0);
        return byName != 0 ? byName : byShape != 0 ? byShape : left.ToArray().AsSpan().SequenceCompareTo(right.ToArray());
    }
}
