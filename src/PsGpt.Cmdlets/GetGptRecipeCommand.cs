using System.Management.Automation;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Lists the recipes of <c>Start-GptTraining</c> with the options that they set.</summary>
[Cmdlet(VerbsCommon.Get, "GptRecipe")]
[OutputType(typeof(Recipe))]
public sealed class GetGptRecipeCommand : GptCmdlet
{
    /// <summary>
    /// The names of recipes, with wildcards, or paths of files (*.psd1); all that come with the module unless it is given.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [PathTransformation(Of = "name", Also = typeof(Recipe), Hint = "Give the name of a recipe or the path of its file.")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var name in Name)
            Attempt(name, () => WriteObject(Find(name), enumerateCollection: true));
    }

    /// <summary>A pattern may match nothing; a name must be one.</summary>
    private IEnumerable<Recipe> Find(string name)
    {
        var paths = new PathResolver(this);
        if (!WildcardPattern.ContainsWildcardCharacters(name))
            return [RecipeFile.Find(name, paths)];
        if (RecipeFile.IsPath(name))
            return [.. paths.Resolve([name], literalPath: null).Select(RecipeFile.Read)];
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        return [.. RecipeCatalog.Registry.All.Where(recipe => pattern.IsMatch(recipe.Name))];
    }
}
