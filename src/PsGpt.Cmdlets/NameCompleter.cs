using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PsGpt.Plugins;

namespace PsGpt.Commands;

/// <summary>Completes the names of registered plug-ins, with their descriptions as tool tips, from memory.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    private const char Quote = '\'';

    /// <summary>What can be named, in the order of the list.</summary>
    protected abstract IEnumerable<IPlugin> Plugins { get; }

    /// <summary>What can be named beside the parameters that are given already.</summary>
    protected virtual IEnumerable<IPlugin> PluginsBeside(IDictionary parameters) => Plugins;

    /// <inheritdoc/>
    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete ?? "";
        var quote = word is ['\'' or '"', ..] ? word[0] : (char?)null;
        var start = word.Trim(Quote, '"');
        return PluginsBeside(fakeBoundParameters)
            .Where(plugin => plugin.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(plugin => new CompletionResult(
                Quoted(plugin.Name, quote), plugin.Name, CompletionResultType.ParameterValue, plugin.Description));
    }

    private static string Quoted(string name, char? quote)
    {
        quote ??= name.Contains(' ', StringComparison.Ordinal) ? Quote : null;
        return $"{quote}{name}{quote}";
    }
}
