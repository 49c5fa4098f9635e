using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PsGpt.Inspection;

namespace PsGpt.Commands;

/// <summary>Completes the names of operators, with their formulas as tool tips.</summary>
public sealed class OperatorCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        from candidate in OperatorCatalog.All
        where candidate.Name.StartsWith(wordToComplete?.Trim('\'', '"') ?? "", StringComparison.OrdinalIgnoreCase)
        select new CompletionResult(candidate.Name, candidate.Name, CompletionResultType.ParameterValue, candidate.Description);
}
