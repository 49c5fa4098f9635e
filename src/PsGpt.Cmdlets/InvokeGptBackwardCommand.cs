using System.Management.Automation;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Computes the gradients of batches that went forward: the second stage of a training step.</summary>
/// <remarks>
/// The result has the norm of the gradients. <c>Get-GptTensor</c> gives the gradients themselves, which <c>Set-GptTensor</c> or an
/// assignment changes. It holds them until <c>Update-GptModel</c> uses them; the activations of the forward pass are freed.
/// </remarks>
[Cmdlet(VerbsLifecycle.Invoke, "GptBackward")]
[OutputType(typeof(BackwardResult))]
public sealed class InvokeGptBackwardCommand : GptCmdlet
{
    /// <summary>A result of <c>Invoke-GptForward</c>; it can go backward once.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [PipedType(typeof(ForwardResult), "result of Invoke-GptForward", Hint = PipedTypeAttribute.Stages)]
    public ForwardResult? InputObject { get; set; }

    /// <inheritdoc/>
    protected override object? Target => InputObject;

    /// <inheritdoc/>
    protected override void Process() => WriteObject(InputObject!.Backward(StopToken));
}
