using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PsGpt.Plugins;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Completes the names of recipes, and behind them the paths of recipe files and of folders.</summary>
public sealed class RecipeCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => RecipeCatalog.Registry.All;

    /// <inheritdoc/>
    public override IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        base.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters)
            .Concat(CompletionCompleters.CompleteFilename(wordToComplete ?? "").Where(CanBeRecipe));

    private static bool CanBeRecipe(CompletionResult file) => file.ResultType == CompletionResultType.ProviderContainer
        || file.CompletionText.Trim('\'', '"').EndsWith(RecipeFile.Extension, StringComparison.OrdinalIgnoreCase);
}
