using System.Collections;
using System.Globalization;

namespace PsGpt.Tensors;

/// <summary>One index of a tensor: a single place, or a range of places along an axis.</summary>
/// <param name="Start">The first place.</param>
/// <param name="Count">The number of places.</param>
/// <param name="IsSingle">Whether it is a single place, whose axis goes.</param>
internal readonly record struct TensorIndex(int Start, int Count, bool IsSingle)
{
    /// <summary>The whole axis.</summary>
    public static TensorIndex All(int size) => new(0, size, IsSingle: false);

    /// <summary>
    /// Reads a number (negative from the end), a range of consecutive numbers, or a text such as <c>0..3</c>, whose ends both
    /// belong to it as in PowerShell, or <c>..</c> for the whole axis.
    /// </summary>
    /// <param name="index">The index as the user wrote it.</param>
    /// <param name="axis">The axis, for messages.</param>
    /// <param name="size">The size of the axis.</param>
    /// <exception cref="GptException"><c>TensorIndexInvalid</c>.</exception>
    public static TensorIndex Parse(object index, int axis, int size)
    {
        ArgumentNullException.ThrowIfNull(index);
        switch (index)
        {
            case string text when text.Trim() is ".." or ":":
                return All(size);
            case string text when text.Split("..") is [var first, var last]:
                return Range(Number(first, index, axis, size), Number(last, index, axis, size), index, axis, size);
            case IEnumerable places and not string:
                int[] numbers = [.. from object place in places select Number(place, index, axis, size)];
                for (var i = 1; i < numbers.Length; i++)
                {
                    if (numbers[i] != numbers[0] + i)
                        throw Invalid(index, axis, size, "the places of a slice must follow each other");
                }

                return numbers.Length == 0
                    ? throw Invalid(index, axis, size, "it names no place")
                    : Range(numbers[0], numbers[^1], index, axis, size);
            default:
                return new TensorIndex(Number(index, index, axis, size), 1, IsSingle: true);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => IsSingle ? $"{Start}" : $"{Start}..{Start + Count - 1}";

    private static TensorIndex Range(int first, int last, object index, int axis, int size) => last >= first
        ? new TensorIndex(first, last - first + 1, IsSingle: false)
        : throw Invalid(index, axis, size, "its end stands before its start");

    private static int Number(object value, object index, int axis, int size)
    {
        try
        {
            var number = Convert.ToInt32(value, CultureInfo.InvariantCulture);
            var place = number < 0 ? number + size : number;
            return place >= 0 && place < size ? place : throw Invalid(index, axis, size, $"there is no place {number}");
        }
        catch (Exception exception) when (exception is FormatException or InvalidCastException or OverflowException)
        {
            throw Invalid(index, axis, size, "it is no number");
        }
    }

    private static GptException Invalid(object index, int axis, int size, string problem)
    {
        var text = index is IEnumerable places and not string ? string.Join(", ", places.Cast<object>()) : index;
        return new GptException("TensorIndexInvalid", GptErrorKind.InvalidArgument,
            $"The index '{text}' does not fit axis {axis}, which has {size} places: {problem}. "
            + $"Use a number from 0 to {size - 1}, or a range such as '0..{size - 1}'.");
    }
}
