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

    /// <inheritdoc/>
    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete ?? "";
        var quote = word is ['\'' or '"', ..] ? word[0] : (char?)null;
        var start = word.Trim(Quote, '"');
        return Plugins
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
