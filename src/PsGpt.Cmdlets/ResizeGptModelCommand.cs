using System.Management.Automation;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Makes copies of models with a shorter context.</summary>
/// <remarks>What nanoGPT calls cropping the block size: the weights are the same, positions beyond the new context are left out. The model
/// that comes in stays as it is.</remarks>
[Cmdlet(VerbsCommon.Resize, "GptModel")]
[OutputType(typeof(GptModel))]
public sealed class ResizeGptModelCommand : GptCmdlet
{
    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>The longest sequence that the copy takes, in tokens; at most that of the model.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [WholeNumber]
    public int ContextLength { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Model;

    /// <inheritdoc/>
    protected override void Process() => WriteObject(ContextCrop.Crop(Model!, ContextLength, StopToken));
}
