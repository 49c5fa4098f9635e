using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>Lists the recipes of <c>Start-GptTraining</c> with what they set.</summary>
[Cmdlet(VerbsCommon.Get, "GptRecipe")]
[OutputType(typeof(Recipe))]
public sealed class GetGptRecipeCommand : GptCmdlet
{
    /// <summary>The names of recipes, with wildcards; all of them unless it is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var name in Name)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            var found = RecipeCatalog.All.Where(recipe => pattern.IsMatch(recipe.Name)).ToArray();
            WriteObject(found, enumerateCollection: true);

            // A name that is none is told as one; a pattern may match nothing.
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                Attempt(name, () => RecipeCatalog.Get(name, new PathResolver(this)));
        }
    }
}
