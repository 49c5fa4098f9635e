using System.Management.Automation;
using PsGpt.Charts;

namespace PsGpt.Commands;

/// <summary>Draws the loss curve of a run in the terminal. The lines are strings, so that they can be written to a file as well.</summary>
[Cmdlet(VerbsCommon.Show, "GptLoss")]
[OutputType(typeof(string))]
public sealed class ShowGptLossCommand : GptCmdlet
{
    private const int UsualHeight = 20;

    private readonly LossCurve curve = new();
    private bool hasFailed;

    /// <summary>The steps of a run, as <c>Start-GptTraining</c> emits them or <c>Import-Csv</c> and <c>ConvertFrom-Json</c> read them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject[]? InputObject { get; set; }

    /// <summary>The characters of a line; as many as the window has unless it is given.</summary>
    [Parameter]
    [ValidateRange(TextChartOptions.LeastWidth, 1000)]
    public int? Width { get; set; }

    /// <summary>The lines; 20, or what fits into the window, unless it is given.</summary>
    [Parameter]
    [ValidateRange(TextChartOptions.LeastHeight, 1000)]
    public int? Height { get; set; }

    /// <summary>Draws equal ratios of losses with equal heights.</summary>
    [Parameter]
    public SwitchParameter LogScale { get; set; }

    /// <summary>Draws with the characters of ASCII alone, where a font or a file has no others.</summary>
    [Parameter]
    public SwitchParameter Ascii { get; set; }

    /// <inheritdoc/>
    protected override object? Target => InputObject;

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var step in InputObject!)
            hasFailed |= !Attempt(step, () => StepReader.Add(curve, step));
    }

    /// <inheritdoc/>
    protected override void End()
    {
        // What was wrong with all of them is reported already.
        if (hasFailed && curve.IsEmpty)
            return;
        var window = TerminalWindow.SizeOf(Host);
        WriteObject(TextChart.Draw(curve, new TextChartOptions
        {
            Width = Width ?? Math.Max(window.Width - 1, TextChartOptions.LeastWidth),
            Height = Height ?? Math.Clamp(window.Height - 2, TextChartOptions.LeastHeight, UsualHeight),
            IsAscii = Ascii,
            IsLogarithmic = LogScale,
        }), enumerateCollection: true);
    }
}
