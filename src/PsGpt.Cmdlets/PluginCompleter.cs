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
        var word = (wordToComplete ?? "").Trim('\'', '"');
        var kind = fakeBoundParameters?["Kind"]?.ToString();
        return PluginCatalog.All
            .Where(plugin => kind is null || plugin.Kind.ToString().Equals(kind, StringComparison.OrdinalIgnoreCase))
            .Where(plugin => commandName != "Unregister-GptPlugin" || !plugin.IsBuiltIn)
            .Where(plugin => plugin.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(plugin => new CompletionResult(
                $"'{CodeGeneration.EscapeSingleQuotedStringContent(plugin.Name)}'", plugin.Name, CompletionResultType.ParameterValue,
                $"{plugin.Kind}: {plugin.Description}"));
    }
}
