using System.Collections;
using System.Globalization;

namespace PsGpt.Tensors;

/// <summary>Turns numbers, nested lists of numbers and tensors into values.</summary>
internal static class TensorValues
{
    /// <summary>A tensor of numbers: a number, a tensor, or lists of equal length within each other.</summary>
    /// <param name="name">The name of the tensor.</param>
    /// <param name="value">The numbers.</param>
    /// <exception cref="GptException"><c>TensorValueInvalid</c>, <c>TensorShapeInvalid</c>.</exception>
    public static GptTensor Read(string name, object value)
    {
        if (value is GptTensor tensor)
            return tensor;
        var values = new List<float>();
        var sizes = new List<int>();
        Collect(name, value, depth: 0, sizes, values);
        return new GptTensor(name, sizes, [.. values]);
    }

    /// <summary>Assigns one number to all values of a tensor, or as many numbers as it has.</summary>
    /// <exception cref="GptException"><c>TensorValueInvalid</c>, <c>TensorShapeInvalid</c>.</exception>
    public static void Assign(GptTensor target, object value)
    {
        var source = Read(target.Name, value);
        if (source.Shape.Count == 0)
            target.Fill(source.ToArray()[0]);
        else
            target.SetValues(source.ToArray());
    }

    private static void Collect(string name, object? value, int depth, List<int> sizes, List<float> values)
    {
        if (value is IEnumerable list and not string)
        {
            object?[] items = [.. list.Cast<object?>()];
            if (depth == sizes.Count && values.Count == 0)
                sizes.Add(items.Length);
            else if (depth >= sizes.Count || sizes[depth] != items.Length)
                throw Ragged(name);
            foreach (var item in items)
                Collect(name, item, depth + 1, sizes, values);
            return;
        }

        if (depth != sizes.Count)
            throw Ragged(name);
        try
        {
            values.Add(Convert.ToSingle(value, CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is FormatException or InvalidCastException or OverflowException)
        {
            throw new GptException("TensorValueInvalid", GptErrorKind.InvalidArgument,
                $"'{value}' in the values of '{name}' is no number. Give numbers, lists of numbers, or a tensor.", exception);
        }
    }

    private static GptException Ragged(string name) => new("TensorShapeInvalid", GptErrorKind.InvalidArgument,
        $"The lists of numbers for '{name}' differ in length or depth. Give each row as many numbers as the first one has.");
}
