using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PsGpt.Extensions;

namespace PsGpt.Commands;

/// <summary>Completes the names of plug-ins of all kinds, or of the kind that was given.</summary>
public sealed class PluginCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete ?? "";
        var kind = fakeBoundParameters?["Kind"]?.ToString();
        return PluginCatalog.All
            .Where(plugin => kind is null || plugin.Kind.ToString().Equals(kind, StringComparison.OrdinalIgnoreCase))
            .Where(plugin => commandName != "Unregister-GptPlugin" || !plugin.IsBuiltIn)
            .Where(plugin => plugin.Name.StartsWith(word.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .GroupBy(plugin => plugin.Name, StringComparer.OrdinalIgnoreCase)
            .Select(named => new CompletionResult(
                NameCompleter.Quoted(named.Key, NameCompleter.BegunQuote(word)), named.Key, CompletionResultType.ParameterValue,
                string.Join("\n", named.Select(plugin => $"{plugin.Kind}: {plugin.Description}"))));
    }
}
