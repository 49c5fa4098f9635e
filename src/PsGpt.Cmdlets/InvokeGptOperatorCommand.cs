using System.Collections;
using System.Management.Automation;
using PsGpt.Inspection;
using PsGpt.Tensors;

namespace PsGpt.Commands;

/// <summary>Runs one operator of a GPT on numbers of your own, forward or backward.</summary>
/// <remarks>
/// <para>
/// The inputs are named as in llm.c: <c>Get-GptOperator attention</c> lists them with their shapes. Numbers that steer the operator,
/// such as <c>NH</c> (heads) or <c>eps</c>, stand in the same table. Axes of size 1 in front may be left out.
/// </para>
/// <para>
/// The outputs and intermediates come as tensors. <see cref="Backward"/> runs the forward pass too, and needs the gradient of the
/// output, such as <c>dout</c>.
/// </para>
/// </remarks>
[Cmdlet(VerbsLifecycle.Invoke, "GptOperator")]
[OutputType(typeof(GptTensor))]
public sealed class InvokeGptOperatorCommand : GptCmdlet
{
    /// <summary>The operator, such as <c>attention</c>.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OperatorCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The inputs by name: numbers, lists of numbers, or tensors.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNull]
    [PipedType(typeof(IDictionary), "table of inputs", Hint = "Give them by name: @{ inp = 1, 2 }. Get-GptOperator lists the names.")]
    public IDictionary? Tensor { get; set; }

    /// <summary>Runs the backward pass: the gradients of the inputs.</summary>
    [Parameter]
    public SwitchParameter Backward { get; set; }

    /// <summary>Runs the plain formulas rather than this machine's fast kernels.</summary>
    [Parameter]
    public SwitchParameter Reference { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Name;

    /// <inheritdoc/>
    protected override void Process() => WriteObject(
        OperatorCatalog.Get(Name).Invoke(TensorArguments.ByName(Tensor!), Backward, Reference), enumerateCollection: true);
}
