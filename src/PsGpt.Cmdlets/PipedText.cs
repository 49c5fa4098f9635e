using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>Finds text in objects of the pipeline.</summary>
internal static class PipedText
{
    /// <summary>A type's name with its article, for messages.</summary>
    public static string TypeName(object? input)
    {
        var name = input is PSObject { BaseObject: PSCustomObject } item
            ? item.TypeNames[0].Split('.')[^1]
            : PipedTokens.Unwrap(input)?.GetType().Name ?? "null";
        return $"{("AEIOU".Contains(name[0], StringComparison.OrdinalIgnoreCase) ? "An" : "A")} {name}";
    }

    /// <summary>Strings are lines, and so are characters and numbers, as everywhere in PowerShell.</summary>
    public static string? LineOf(object? input) => PipedTokens.Unwrap(input) switch
    {
        string text => text,
        char or byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal =>
            LanguagePrimitives.ConvertTo<string>(input),
        _ => null,
    };

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
        if (input is not PSObject item)
            return null;
        string? Value(string name) => item.Properties[name]?.Value as string;
        return (Value("PSPath") ?? Value("LiteralPath")) is { } literal ? paths.Resolve(path: null, literalPath: [literal])
            : item.TypeNames[0].EndsWith(nameof(PSCustomObject), StringComparison.Ordinal) && Value("Path") is { } pattern
            ? paths.Resolve(path: [pattern], literalPath: null)
            : null;
    }

    /// <summary>The error for an object that is no text.</summary>
    public static GptException Unusable(object? input) => new("InputNotText", GptErrorKind.InvalidArgument,
        $"{TypeName(input)} is no text. Give strings, files (Get-Item), tokens (ConvertTo-GptTokens) or completions.");
}
