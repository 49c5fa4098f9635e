using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>
/// Finds recipes by name, and reads those of the user from PowerShell data files. A file is read as data: nothing in it can run.
/// </summary>
internal static class RecipeFile
{
    /// <summary>The extension of a recipe's file.</summary>
    public const string Extension = ".psd1";

    private const long MaximumLength = 1 << 20;

    private static readonly string[] Keys = [nameof(Recipe.Description), nameof(Recipe.Parameters), nameof(Recipe.Model)];

    /// <summary>The recipe of a name, or that of a file.</summary>
    /// <exception cref="GptException"><c>RecipeNotFound</c>, <c>RecipeInvalid</c>, <c>ReadFailed</c>, <c>PathNotFound</c>.</exception>
    public static Recipe Find(string nameOrPath, PathResolver paths)
    {
        var names = string.Join(", ", RecipeCatalog.Registry.All.Select(recipe => recipe.Name));
        if (!IsPath(nameOrPath))
        {
            return RecipeCatalog.Registry.Find(nameOrPath) ?? throw new GptException("RecipeNotFound", GptErrorKind.NotFound,
                $"There is no recipe '{nameOrPath}'. Known are {names}; the path of a file of your own ends with {Extension}.");
        }

        var path = paths.ResolveNew(nameOrPath);
        return File.Exists(path) ? Read(path) : throw new GptException("PathNotFound", GptErrorKind.NotFound,
            $"There is no recipe '{path}'. Check the spelling and the current location, or give one of {names}.");
    }

    /// <summary>Whether a text is the path of a recipe rather than a name.</summary>
    public static bool IsPath(string nameOrPath) => nameOrPath.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="GptException"><c>RecipeInvalid</c>, <c>ReadFailed</c>.</exception>
    public static Recipe Read(string path)
    {
        switch (new FileInfo(path).Length)
        {
            // A pipe has no length, and would be waited for.
            case 0:
                throw Invalid(path, "it is empty");
            case > MaximumLength:
                throw Invalid(path, "it is far too long");
        }

        RequireReadable(path);
        var ast = Parser.ParseFile(path, out _, out var errors);
        if (errors.Length > 0)
            throw Invalid(path, $"line {errors[0].Extent.StartLineNumber}: {errors[0].Message}");
        var table = Data(ast, path);
        foreach (var key in table.Keys.Cast<object>().Select(key => $"{key}"))
        {
            if (!Keys.Contains(key, StringComparer.OrdinalIgnoreCase))
                throw Invalid(path, $"it has the key '{key}'; known are {string.Join(", ", Keys)}");
        }

        return Recipe.FromTables(
            Path.GetFileNameWithoutExtension(path), $"{table[nameof(Recipe.Description)]}", Values(table, nameof(Recipe.Parameters), path),
            Values(table, nameof(Recipe.Model), path), path, ConvertTo);
    }

    /// <summary>PowerShell's parser tells a file that it may not read as a mistake in a line 0.</summary>
    private static void RequireReadable(string path)
    {
        try
        {
            File.OpenRead(path).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("ReadFailed", GptErrorKind.ReadFailed,
                $"The recipe '{path}' cannot be read: {exception.Message.TrimEnd('.')}. See whether you may read it.", exception);
        }
    }

    private static Hashtable Data(ScriptBlockAst ast, string path)
    {
        try
        {
            if (ast.EndBlock?.Statements is [PipelineAst { PipelineElements: [CommandExpressionAst { Expression: HashtableAst table }] }])
                return (Hashtable)table.SafeGetValue();
        }
        catch (InvalidOperationException exception)
        {
            throw Invalid(path, $"it is more than data: {exception.Message}", exception);
        }

        throw Invalid(path, "it is not one table");
    }

    private static Dictionary<string, object> Values(Hashtable table, string name, string path) => table[name] switch
    {
        null => [],
        Hashtable part => part.Cast<DictionaryEntry>().ToDictionary(
            entry => $"{entry.Key}",
            entry => entry.Value ?? throw Invalid(path, $"'{entry.Key}' has no value"),
            StringComparer.OrdinalIgnoreCase),
        _ => throw Invalid(path, $"'{name}' is not a table"),
    };

    private static object? ConvertTo(object value, Type type) =>
        type.IsAssignableFrom(typeof(int[])) && type != typeof(object)
            ? LanguagePrimitives.ConvertTo(value, typeof(int[]), CultureInfo.InvariantCulture)
            : LanguagePrimitives.ConvertTo(value, type, CultureInfo.InvariantCulture);

    private static GptException Invalid(string path, string problem, Exception? inner = null) => new(
        "RecipeInvalid", GptErrorKind.InvalidData,
        $"The recipe '{path}' cannot be used: {problem.TrimEnd('.')}. A recipe is a table: "
        + "@{ Description = '…'; Parameters = @{ Steps = 100 }; Model = @{ LayerCount = 4 } }.", inner);
}
