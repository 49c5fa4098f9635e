using System.Management.Automation;
using PsGpt.Evaluation;
using PsGpt.Formats.Llmc;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Compares what the engine computes with what PyTorch computed for the same model.</summary>
/// <remarks>
/// Repeats llm.c's test_gpt2.c on a debug state that its train_gpt2.py wrote: the logits, the loss and all gradients of one batch,
/// then, for GPT-2 124M or with -ExpectedLoss, the losses of ten steps of AdamW. The model is not changed.
/// </remarks>
[Cmdlet(VerbsDiagnostic.Test, "GptModel")]
[OutputType(typeof(ReferenceDifference), typeof(bool))]
public sealed class TestGptModelCommand : GptCmdlet
{
    /// <summary>The model that the debug state was written with.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>A debug state of llm.c, such as gpt2_124M_debug_state.bin.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string DebugState { get; set; } = "";

    /// <summary>
    /// The losses of the steps, the first before any update; those of GPT-2 124M for a model of that size unless it is given.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Number]
    public float[]? ExpectedLoss { get; set; }

    /// <summary>Only tells whether all is within the tolerances.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Model;

    /// <inheritdoc/>
    protected override void Process()
    {
        using var state = LlmcDebugState.Read(new PathResolver(this).ResolveNew(DebugState), Model!.Configuration, StopToken);
        var differences = DebugStateComparison.Run(Model, state, ExpectedLoss, StopToken);
        if (Quiet)
            WriteObject(differences.All(difference => difference.IsWithin));
        else
            WriteObject(differences, enumerateCollection: true);
    }
}
