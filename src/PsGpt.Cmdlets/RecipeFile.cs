using System.Collections;
using System.Management.Automation.Language;

namespace PsGpt.Commands;

/// <summary>Reads a recipe from a PowerShell data file. It is read as data: nothing in it can run.</summary>
internal static class RecipeFile
{
    private const long MostBytes = 1 << 20;

    private static readonly string[] Keys = [nameof(Recipe.Description), nameof(Recipe.Parameters), nameof(Recipe.Model)];

    /// <exception cref="GptException"><c>RecipeInvalid</c>.</exception>
    public static Recipe Read(string path)
    {
        if (new FileInfo(path).Length > MostBytes)
            throw Invalid(path, "it is far too long");
        var ast = Parser.ParseFile(path, out _, out var errors);
        if (errors.Length > 0)
            throw Invalid(path, $"line {errors[0].Extent.StartLineNumber}: {errors[0].Message}");
        var table = Data(ast, path);
        foreach (var key in table.Keys.Cast<object>().Select(key => $"{key}"))
        {
            if (!Keys.Contains(key, StringComparer.OrdinalIgnoreCase))
                throw Invalid(path, $"it has the key '{key}'; known are {string.Join(", ", Keys)}");
        }

        return new Recipe(
            Path.GetFileNameWithoutExtension(path), $"{table[nameof(Recipe.Description)]}",
            Values(table[nameof(Recipe.Parameters)], nameof(Recipe.Parameters), path), Values(table[nameof(Recipe.Model)], nameof(Recipe.Model), path), path);
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

    private static Dictionary<string, object> Values(object? part, string name, string path) => part switch
    {
        null => [],
        Hashtable table => table.Cast<DictionaryEntry>().OrderBy(entry => $"{entry.Key}", StringComparer.OrdinalIgnoreCase)
            .ToDictionary(entry => $"{entry.Key}", entry => entry.Value ?? throw Invalid(path, $"'{entry.Key}' has no value"), StringComparer.OrdinalIgnoreCase),
        _ => throw Invalid(path, $"'{name}' is not a table"),
    };

    private static GptException Invalid(string path, string problem, Exception? inner = null) => new("RecipeInvalid", GptErrorKind.InvalidData,
        $"The recipe '{path}' cannot be used: {problem.TrimEnd('.')}. A recipe is a table: @{{ Description = '…'; Parameters = @{{ Steps = 100 }}; Model = @{{ LayerCount = 4 }} }}.", inner);
}
