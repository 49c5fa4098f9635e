using System.Globalization;
using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>Finds text in objects of the pipeline.</summary>
internal static class PipedText
{
    /// <summary>A type's name with its article, for messages.</summary>
    public static string TypeName(object? input)
    {
        var item = input is PSObject { BaseObject: PSCustomObject } row ? row : null;
        var name = item?.TypeNames[0].Split('.')[^1] ?? PipedTokens.Unwrap(input)?.GetType().Name ?? "null";
        if (IsDeserialized(item))
            return $"A deserialized {name}";
        return $"{("AEIOU".Contains(name[0], StringComparison.OrdinalIgnoreCase) ? "An" : "A")} {name}";
    }

    /// <summary>Whether an object is a copy that a job or a remote session gave: values without the object that had them.</summary>
    public static bool IsDeserialized(PSObject? item) =>
        item?.TypeNames.Any(type => type.StartsWith("Deserialized.", StringComparison.Ordinal)) is true;

    /// <summary>Whether an object has no type of its own, such as a row of CSV: its properties mean what they are called.</summary>
    public static bool IsRow(PSObject item) =>
        item.BaseObject is PSCustomObject && item.TypeNames[0].EndsWith(nameof(PSCustomObject), StringComparison.Ordinal);

    /// <summary>
    /// Strings are lines, and so are characters and numbers, as everywhere in PowerShell. Bytes are not: they are what a file holds before
    /// it is decoded, and as numbers they would become a text of digits.
    /// </summary>
    public static string? LineOf(object? input) => PipedTokens.Unwrap(input) switch
    {
        string text => Whole(text),
        char or short or ushort or int or uint or long or ulong or float or double or decimal =>
            LanguagePrimitives.ConvertTo<string>(input),
        _ => null,
    };

    /// <summary>Whether an object is a byte or an array of them, of which more come and none is text.</summary>
    public static bool IsBytes(object? input) => PipedTokens.Unwrap(input) is byte or sbyte or byte[] or sbyte[];

    /// <summary>The text itself. Half of a surrogate pair is no character: encoding it would put U+FFFD there.</summary>
    /// <exception cref="GptException"><c>InputNotText</c>.</exception>
    public static string Whole(string text)
    {
        for (var i = IndexOfSurrogate(text, 0); i >= 0; i = IndexOfSurrogate(text, i + 2))
        {
            if (!char.IsSurrogatePair(text, i))
            {
                throw new GptException("InputNotText", GptErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                    $"The text has half of a surrogate pair, U+{(int)text[i]:X4}, at position {i}, which is no character. "
                    + $"Look where it was cut."));
            }
        }

        return text;
    }

    private static int IndexOfSurrogate(string text, int start) =>
        start >= text.Length ? -1
        : text.AsSpan(start).IndexOfAnyInRange('\uD800', '\uDFFF') is var found and >= 0 ? start + found : -1;

    /// <summary>The full paths of a file, or of an object with a property that is one; null where there is none.</summary>
    /// <param name="input">
    /// A file, an object with the property PSPath or LiteralPath, or a row with a Path, in which wildcards are resolved. Other objects with
    /// a Path, such as what Select-String finds, are about a file and do not stand for it.
    /// </param>
    /// <param name="paths">Resolves them, and reports those that are not there.</param>
    public static IEnumerable<string>? FilesOf(object? input, PathResolver paths)
    {
        if (PipedTokens.Unwrap(input) is FileSystemInfo file)
            return paths.Resolve(path: null, literalPath: [file.FullName]);
        if (PipedTokens.Unwrap(input) is PathInfo path)
            return paths.Resolve(path: null, literalPath: [path.Path]);
        if (input is not PSObject item)
            return null;
        string? Value(string name) => item.Properties[name]?.Value as string;
        return (Value("PSPath") ?? Value("LiteralPath")) is { } literal ? paths.Resolve(path: null, literalPath: [literal])
            : IsRow(item) && Value("Path") is { } pattern
            ? paths.Resolve(path: [pattern], literalPath: null)
            : null;
    }

    /// <summary>The error for an object that is no text.</summary>
    public static GptException Unusable(object? input) => new("InputNotText", GptErrorKind.InvalidArgument,
        $"{TypeName(input)} is no text. Give strings, files (Get-Item), tokens (ConvertTo-GptTokens) or completions.");
}
