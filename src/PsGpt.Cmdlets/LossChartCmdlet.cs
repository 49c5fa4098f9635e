using System.Management.Automation;
using PsGpt.Charts;

namespace PsGpt.Commands;

/// <summary>A cmdlet that draws the losses of training runs.</summary>
public abstract class LossChartCmdlet : GptCmdlet
{
    private readonly LossRuns runs = new();
    private bool hasFailed;

    /// <summary>
    /// The names of the runs, in their order, where several are compared: <c>$a, $b | Show-GptLoss -RunName adamw, muon</c>. A run
    /// begins where the number of a step does not rise. Steps with a property <c>Run</c> are sorted by it.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? RunName { get; set; }

    /// <summary>Draws equal ratios of losses with equal heights.</summary>
    [Parameter]
    public SwitchParameter LogScale { get; set; }

    /// <summary>Whether there is nothing to draw since all steps had errors, which have been reported.</summary>
    private protected bool HasOnlyErrors => hasFailed && runs.IsEmpty;

    /// <summary>Takes steps, or lists of them; an error is that of its step.</summary>
    private protected void Take(IEnumerable<PSObject> steps)
    {
        foreach (var step in steps)
            hasFailed |= !Attempt(step, () => StepReader.Add(runs, step));
    }

    /// <summary>The losses of all steps.</summary>
    private protected LossChart ToLossChart() => new(runs.ToList(RunName)) { IsLogarithmic = LogScale };
}
