using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PsGpt.Hub;

namespace PsGpt.Commands;

/// <summary>Completes the names and the revisions of models in the cache of the hub.</summary>
public sealed class CachedModelCompleter : IArgumentCompleter
{
    private const string RevisionParameter = "Revision";

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('\'', '"');
        var models = Models().Where(model => parameterName != RevisionParameter || IsNamed(model, fakeBoundParameters));
        return models
            .Select(model => parameterName == RevisionParameter ? model.Revision : model.Name).Distinct()
            .Where(text => text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(text => new CompletionResult(text, text, CompletionResultType.ParameterValue, "in the cache of the hub"));
    }

    private static bool IsNamed(CachedModel model, IDictionary? parameters) =>
        (parameters?["Name"] ?? parameters?["Path"]) is not string name
        || new WildcardPattern(name, WildcardOptions.IgnoreCase).IsMatch(model.Name);

    private static IReadOnlyList<CachedModel> Models()
    {
        try
        {
            return CachedModels.List(HubSettings.FromEnvironment());
        }
        catch (GptException)
        {
            // The cmdlet itself reports settings that make no sense.
            return [];
        }
    }
}
