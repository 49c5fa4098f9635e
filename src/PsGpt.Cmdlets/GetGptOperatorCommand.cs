using System.Management.Automation;
using PsGpt.Inspection;

namespace PsGpt.Commands;

/// <summary>Lists the operators of a GPT, with their formulas, arguments, shapes and sources.</summary>
/// <remarks>The arguments are named as in llm.c. <c>Invoke-GptOperator</c> runs an operator on numbers of your own.</remarks>
[Cmdlet(VerbsCommon.Get, "GptOperator")]
[OutputType(typeof(GptOperator))]
public sealed class GetGptOperatorCommand : GptCmdlet
{
    /// <summary>The names, with wildcards; all where none is given.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OperatorCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            if (WildcardPattern.ContainsWildcardCharacters(name))
                WriteObject(OperatorCatalog.All.Where(candidate => pattern.IsMatch(candidate.Name)), enumerateCollection: true);
            else
                Attempt(name, () => WriteObject(OperatorCatalog.Get(name)));
        }
    }
}
