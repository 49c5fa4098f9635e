namespace PsGpt.Commands;

/// <summary>The recipes that come with the module: the files in its folder <c>Recipes</c>.</summary>
internal static class RecipeCatalog
{
    private const string Extension = ".psd1";

    private static string Folder => Path.Combine(Path.GetDirectoryName(typeof(RecipeCatalog).Assembly.Location)!, "Recipes");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Recipe> All => [.. Directory.EnumerateFiles(Folder, $"*{Extension}").Order(StringComparer.Ordinal).Select(RecipeFile.Read)];

    /// <summary>The recipe of a name, or that of a file.</summary>
    /// <exception cref="GptException"><c>RecipeNotFound</c>, <c>RecipeInvalid</c>, <c>PathNotFound</c>.</exception>
    public static Recipe Get(string nameOrPath, PathResolver paths)
    {
        if (nameOrPath.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
        {
            var path = paths.ResolveNew(nameOrPath);
            return File.Exists(path) ? RecipeFile.Read(path) : throw new GptException("PathNotFound", GptErrorKind.NotFound,
                $"There is no recipe '{path}'. Check the spelling and the current location, or give one of {Names}.");
        }

        return All.FirstOrDefault(recipe => recipe.Name.Equals(nameOrPath, StringComparison.OrdinalIgnoreCase)) ?? throw new GptException(
            "RecipeNotFound", GptErrorKind.NotFound, $"There is no recipe '{nameOrPath}'. Known are {Names}; the path of a file of your own ends with {Extension}.");
    }

    private static string Names => string.Join(", ", All.Select(recipe => recipe.Name));
}
