using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>
/// Turns what a user typed as <c>-Path</c> or <c>-LiteralPath</c> into full paths of the file system. A path that cannot be
/// resolved is an error of its own; the others are still served.
/// </summary>
/// <param name="cmdlet">The cmdlet whose location counts and that reports the errors.</param>
internal sealed class PathResolver(GptCmdlet cmdlet)
{
    private const string FileSystem = "FileSystem";

    /// <summary>The paths of existing files or folders.</summary>
    /// <param name="path">
    /// The value of <c>-Path</c>, where wildcards are resolved; null where <paramref name="literalPath"/> was given.
    /// </param>
    /// <param name="literalPath">The value of <c>-LiteralPath</c>, taken as it is.</param>
    public IEnumerable<string> Resolve(string[]? path, string[]? literalPath)
    {
        foreach (var pattern in path ?? [])
        {
            IReadOnlyList<string> found = [];
            cmdlet.Attempt(pattern, () => found = Expand(pattern));
            foreach (var file in found)
                yield return file;
        }

        foreach (var literal in literalPath ?? [])
        {
            string? file = null;
            cmdlet.Attempt(literal, () => file = ResolveLiteral(literal));
            if (file is not null)
                yield return file;
        }
    }

    /// <summary>The full path of one thing that may not exist yet, without wildcards.</summary>
    /// <exception cref="GptException"><c>PathNotFileSystem</c>, <c>PathInvalid</c>.</exception>
    public string ResolveNew(string path)
    {
        RequireNoNullCharacter(path);
        var full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        RequireFileSystem(path, provider);
        return full;
    }

    /// <summary>The same, or null where the path is none of the file system.</summary>
    /// <exception cref="GptException"><c>PathInvalid</c>.</exception>
    public string? FindNew(string path)
    {
        RequireNoNullCharacter(path);
        var full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name == FileSystem ? full : null;
    }

    /// <summary>Whether a text has no wildcards, and there is nothing of that path where the user is.</summary>
    public bool NamesNothing(string text)
    {
        if (WildcardPattern.ContainsWildcardCharacters(text))
            return false;
        var name = WildcardPattern.Unescape(text);
        return FindNew(name) is { } full
            ? !Path.Exists(full) && !Path.Exists(FindNew(text))
            : !cmdlet.InvokeProvider.Item.Exists(name, force: true, literalPath: true);
    }

    private IReadOnlyList<string> Expand(string pattern)
    {
        RequireNoNullCharacter(pattern);
        try
        {
            var found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(pattern, out var provider);
            RequireFileSystem(pattern, provider);

            // In the same order on every system: the order of the files is that of the text.
            return found.Count > 0 ? [.. found.Order(StringComparer.Ordinal)] : throw NothingMatches(pattern);
        }
        catch (WildcardPatternException exception)
        {
            throw new GptException("PathInvalid", GptErrorKind.InvalidArgument,
                $"The pattern '{pattern}' is not whole: a bracket opens a group of characters and another closes it. "
                + "Give it with -LiteralPath where it is a name.", exception);
        }
    }

    private GptException NothingMatches(string pattern) => new("PathNotFound", GptErrorKind.NotFound,
        FindNew(pattern) is { } full && Path.Exists(full)
            ? $"The path '{pattern}' is a pattern, since it has brackets, and matches nothing. Give the name with -LiteralPath."
            : $"The path '{pattern}' matches nothing. Check the spelling and the current location.");

    private string ResolveLiteral(string literal)
    {
        var full = ResolveNew(literal);
        return Path.Exists(full) ? full : throw NotFound(literal, $"does not exist (looked for '{full}')");
    }

    /// <summary>No system has such names, and .NET answers them with an error about its own parameters.</summary>
    private static void RequireNoNullCharacter(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new GptException("PathInvalid", GptErrorKind.InvalidArgument,
                $"The path '{path.Replace('\0', '?')}' has a null character, which no path can have. Look where it came from.");
        }
    }

    private static void RequireFileSystem(string path, ProviderInfo provider)
    {
        if (provider.Name != FileSystem)
        {
            throw new GptException("PathNotFileSystem", GptErrorKind.InvalidArgument,
                $"The path '{path}' belongs to the provider '{provider.Name}'. Give a path of the file system.");
        }
    }

    private static GptException NotFound(string path, string problem) =>
        new("PathNotFound", GptErrorKind.NotFound, $"The path '{path}' {problem}. Check the spelling and the current location.");
}
