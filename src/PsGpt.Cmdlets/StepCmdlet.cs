using System.Management.Automation;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>A cmdlet that takes whole steps of training, from batches to updates.</summary>
public abstract class StepCmdlet : OptimizerCmdlet
{
    /// <summary>The share of values that is dropped out, 0 to below 1; the model's own unless it is given.</summary>
    [Parameter]
    [Number]
    public float? Dropout { get; set; }

    /// <summary>The seed of everything random: the same seed gives the same training.</summary>
    [Parameter]
    [SeedTransformation]
    public ulong Seed { get; set; }

    /// <inheritdoc/>
    protected override TrainerOptions TrainerOptions => base.TrainerOptions with { Dropout = Dropout, Seed = Seed };
}
