using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Sends batches forward through a model: the first stage of a training step.</summary>
/// <remarks>
/// The result has the loss and holds the activations until <c>Invoke-GptBackward</c> takes them. The stages
/// <c>Invoke-GptForward</c>, <c>Invoke-GptBackward</c> and <c>Update-GptModel</c> in one pipeline make the steps of
/// <c>Invoke-GptTrainingStep</c>, to the last bit.
/// </remarks>
[Cmdlet(VerbsLifecycle.Invoke, "GptForward")]
[OutputType(typeof(ForwardResult))]
public sealed class InvokeGptForwardCommand : GptCmdlet
{
    private readonly ModelChoice choice;
    private int step = -1;
    private int index;

    /// <summary>Makes the cmdlet.</summary>
    public InvokeGptForwardCommand() => choice = new ModelChoice(this);

    /// <summary>A batch as <c>New-GptBatch</c> makes them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    [PipedType(typeof(TokenBatch), "result of New-GptBatch", Hint = PipedTypeAttribute.Stages)]
    public TokenBatch? InputObject { get; set; }

    /// <summary>The model, its path or its name on the hub.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>The tokenizer that the model speaks instead of its own: the object, its name or the path of its file.</summary>
    [Parameter]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>The share of values that is dropped out, 0 to below 1; the model's own unless it is given.</summary>
    [Parameter]
    [Number]
    public float? Dropout { get; set; }

    /// <summary>The seed of the dropout: the same seed drops the same values in a step.</summary>
    [Parameter]
    [SeedTransformation]
    public ulong Seed { get; set; }

    /// <inheritdoc/>
    protected override object? Target => InputObject;

    /// <summary>Batches that go forward before the next update belong to one step, and each has a dropout of its own.</summary>
    protected override void Process()
    {
        var finished = Model!.TrainingState.Step;
        (step, index) = (finished, finished == step ? index + 1 : 0);
        WriteObject(ForwardResult.Compute(choice.Of(Model, Tokenizer), InputObject!, Seed, Dropout, index, StopToken));
    }
}
