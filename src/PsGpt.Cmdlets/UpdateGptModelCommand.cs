using System.Management.Automation;
using PsGpt.Model;
using PsGpt.Plugins;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Updates a model by gradients: the last stage of a training step.</summary>
/// <remarks>
/// <para>
/// Each result of <c>Invoke-GptBackward</c> makes a step; with <see cref="Accumulation"/> several make one, with the mean of their
/// gradients. Gradients belong to the next step of the model: those that were computed before its last update are refused. A result
/// that is left out, such as by <c>Where-Object</c>, has no effect.
/// </para>
/// <para>The gradients are freed with the update.</para>
/// </remarks>
[Cmdlet(VerbsData.Update, "GptModel", SupportsShouldProcess = true)]
[OutputType(typeof(TrainingStep), typeof(GptModel))]
public sealed class UpdateGptModelCommand : OptimizerCmdlet
{
    private Trainer? trainer;

    /// <summary>A result of <c>Invoke-GptBackward</c>; it can be used once.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [PipedType(typeof(BackwardResult), "result of Invoke-GptBackward", Hint = PipedTypeAttribute.Stages)]
    public BackwardResult? InputObject { get; set; }

    /// <summary>How many results make a step, with the mean of their gradients. The last step takes those that are left.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int Accumulation { get; set; } = 1;

    /// <summary>Emits the model at the end instead of a <see cref="TrainingStep"/> for each step.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override object? Target => InputObject;

    /// <inheritdoc/>
    protected override void Begin()
    {
        RequireUsed(Optimizer);
        PluginArguments.Require(PluginParameter, OptimizerCatalog.Registry.Get(Optimizer));
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (!ShouldProcess(InputObject!.ModelName, $"Update by {InputObject}"))
            return;
        trainer ??= new Trainer(InputObject.GetModel(), TrainerOptions);
        trainer.Accumulate(InputObject);
        if (trainer.AccumulatedCount == Accumulation)
            Update();
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (trainer?.AccumulatedCount > 0)
            Update();
        trainer?.Dispose();
        if (PassThru && trainer is not null)
            WriteObject(trainer.Model);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => trainer?.Dispose();

    private void Update()
    {
        var step = trainer!.Update(StopToken);
        if (!PassThru)
            WriteObject(step);
    }
}
