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

    /// <summary>The names that are possible with the parameters given so far.</summary>
    protected virtual IEnumerable<IPlugin> PluginsBeside(IDictionary parameters) => Plugins;

    /// <inheritdoc/>
    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete ?? "";
        var quote = BegunQuote(word);
        var start = word.Trim(Quote, '"');
        return PluginsBeside(fakeBoundParameters)
            .Where(plugin => plugin.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(plugin => new CompletionResult(
                Quoted(plugin.Name, quote), plugin.Name, CompletionResultType.ParameterValue, plugin.Description));
    }

    /// <summary>The quote that a word begins with; null for none.</summary>
    internal static char? BegunQuote(string word) => word is ['\'' or '"', ..] ? word[0] : null;

    /// <summary>A name as it is typed: in the quotes that were begun, and in quotes of its own only where it needs them.</summary>
    /// <param name="name">The name.</param>
    /// <param name="quote">The quote that the user began with, if any.</param>
    internal static string Quoted(string name, char? quote)
    {
        // Within double quotes some characters mean something else; the completed word takes the place of the quote that was typed too.
        if (name.AsSpan().ContainsAny('$', '`', '"') || (quote is null && !IsPlain(name)))
            quote = Quote;
        return quote == Quote ? $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'" : $"{quote}{name}{quote}";
    }

    private static bool IsPlain(string name) =>
        name.Length > 0 && char.IsLetterOrDigit(name[0]) && name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.');
}
