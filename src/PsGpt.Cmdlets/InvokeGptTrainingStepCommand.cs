using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Trains a model in place on each batch that comes, one step each.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "GptTrainingStep")]
[OutputType(typeof(TrainingStep))]
public sealed class InvokeGptTrainingStepCommand : GptCmdlet
{
    private Trainer? trainer;

    /// <summary>A batch as <c>New-GptBatch</c> makes them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public TokenBatch? InputObject { get; set; }

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>The learning rate, above 0.</summary>
    [Parameter]
    public float LearningRate { get; set; } = new TrainerOptions().LearningRate;

    /// <summary>Weight decay of the matrices, 0 or more.</summary>
    [Parameter]
    public float WeightDecay { get; set; } = new TrainerOptions().WeightDecay;

    /// <summary>How much of AdamW's first moment is kept from step to step, 0 to below 1.</summary>
    [Parameter]
    public float Beta1 { get; set; } = new TrainerOptions().Beta1;

    /// <summary>How much of AdamW's second moment is kept from step to step, 0 to below 1.</summary>
    [Parameter]
    public float Beta2 { get; set; } = new TrainerOptions().Beta2;

    /// <summary>The norm that gradients are clipped to; 0 switches clipping off.</summary>
    [Parameter]
    [Alias("MaximumGradientNorm")]
    public float ClipNorm { get; set; } = new TrainerOptions().ClipNorm;

    /// <summary>Which values are dropped out, where the model has dropout.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>Emits the model at the end instead of a <see cref="TrainingStep"/> for each batch.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override object? Target => InputObject;

    /// <inheritdoc/>
    protected override void Begin() => trainer = new Trainer(Model!, new TrainerOptions
    {
        LearningRate = LearningRate,
        WeightDecay = WeightDecay,
        Beta1 = Beta1,
        Beta2 = Beta2,
        ClipNorm = ClipNorm,
        Seed = Seed,
    }, new KernelTable(this).IsWanted);

    /// <inheritdoc/>
    protected override void Process()
    {
        var step = trainer!.Step(InputObject!, StopToken);
        if (!PassThru)
            WriteObject(step);
    }

    /// <inheritdoc/>
    protected override void End()
    {
        new KernelTable(this).Write(trainer!.KernelTimes);
        trainer.Dispose();
        if (PassThru)
            WriteObject(Model);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => trainer?.Dispose();
}
