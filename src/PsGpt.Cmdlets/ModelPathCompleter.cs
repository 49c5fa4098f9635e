using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PsGpt.Commands;

/// <summary>Completes paths, and behind them names of models of the hub.</summary>
public sealed class ModelPathCompleter : HubModelCompleter
{
    /// <inheritdoc/>
    public override IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionCompleters.CompleteFilename(wordToComplete ?? "")
            .Concat(base.CompleteArgument(commandName, parameterName, wordToComplete!, commandAst, fakeBoundParameters));
}
