using System.Collections;

namespace PsGpt.Commands;

/// <summary>Takes lists of the pipeline apart.</summary>
internal static class PipedItems
{
    // A list may hold itself. What lies deeper is an item, which is no text.
    private const int Depth = 4;

    /// <summary>The items of a list and of lists in it; any other object stands for itself, and so do the bytes of a file.</summary>
    public static IEnumerable<object?> Of(object? input) => Of(input, static value => value is IList and not byte[], Depth);

    /// <summary>The items of lists of objects. A list of numbers, such as the ids of tokens, is an item.</summary>
    public static IEnumerable<object?> OfObjects(object? input) => Of(input, static value => value is object[] or ArrayList, Depth);

    private static IEnumerable<object?> Of(object? input, Func<object?, bool> isList, int depth) =>
        depth > 0 && PipedTokens.Unwrap(input) is { } value && isList(value)
            ? ((IList)value).Cast<object?>().SelectMany(item => Of(item, isList, depth - 1))
            : [input];
}
