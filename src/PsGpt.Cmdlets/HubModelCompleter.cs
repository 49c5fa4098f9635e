using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PsGpt.Hub;

namespace PsGpt.Commands;

/// <summary>Completes names of models of the hub: the GPT-2 family, and what the cache has. Asks nobody.</summary>
public class HubModelCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete ?? "";
        var quote = word is ['\'' or '"', ..] ? word[..1] : "";
        var start = word.Trim('\'', '"');
        var cached = FindCached();
        return HubName.WellKnown.Union(cached, StringComparer.OrdinalIgnoreCase)
            .Where(name => name.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult($"{quote}{name}{quote}", name, CompletionResultType.ParameterValue,
                cached.Contains(name, StringComparer.OrdinalIgnoreCase) ? "a model of the hub, in the cache" : "a model of the hub"));
    }

    private static IReadOnlyList<string> FindCached()
    {
        try
        {
            return CachedModels.Find(HubSettings.FromEnvironment());
        }
        catch (GptException)
        {
            // Settings that make no sense are reported when a model is imported.
            return [];
        }
    }
}
