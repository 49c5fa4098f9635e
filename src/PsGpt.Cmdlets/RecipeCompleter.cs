using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PsGpt.Commands;

/// <summary>Completes the names of the recipes that come with the module, and paths of files.</summary>
public sealed class RecipeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete ?? "";
        var names = RecipeCatalog.All
            .Where(recipe => recipe.Name.StartsWith(word.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(recipe => new CompletionResult(recipe.Name, recipe.Name, CompletionResultType.ParameterValue, recipe.Description));
        return names.Concat(CompletionCompleters.CompleteFilename(word));
    }
}
