using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Plugins;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Trains a model in place on each batch that comes, one step each.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "GptTrainingStep")]
[OutputType(typeof(TrainingStep), typeof(GptModel))]
public sealed class InvokeGptTrainingStepCommand : StepCmdlet
{
    private Trainer? trainer;

    /// <summary>A batch as <c>New-GptBatch</c> makes them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    [PipedType(typeof(TokenBatch), "result of New-GptBatch")]
    public TokenBatch? InputObject { get; set; }

    /// <summary>The model.</summary>
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

    /// <summary>Emits the model at the end instead of a <see cref="TrainingStep"/> for each batch.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override object? Target => InputObject;

    /// <inheritdoc/>
    protected override void Begin()
    {
        RequireUsed(Optimizer);
        PluginArguments.Require(PluginParameter, OptimizerCatalog.Registry.Get(Optimizer));
        if (!PassThru)
            LostModel.Warn(this, Model);
        trainer = new Trainer(new ModelChoice(this).Of(Model, Tokenizer), TrainerOptions, new KernelTable(this).IsWanted);
    }

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
            WriteObject(trainer.Model);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => trainer?.Dispose();
}
