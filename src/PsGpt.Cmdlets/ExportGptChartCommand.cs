using System.Management.Automation;
using PsGpt.Charts;

namespace PsGpt.Commands;

/// <summary>
/// Writes the loss curve of a run as an SVG picture or as an HTML page that needs nothing else. The values show under the pointer,
/// and the colours are light or dark as the viewer is.
/// </summary>
[Cmdlet(VerbsData.Export, "GptChart", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportGptChartCommand : GptCmdlet
{
    private readonly LossCurve curve = new();
    private bool hasFailed;
    private string path = "";

    /// <summary>The steps of a run, as <c>Start-GptTraining</c> emits them or <c>Import-Csv</c> and <c>ConvertFrom-Json</c> read them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject[]? InputObject { get; set; }

    /// <summary>Where to write, ending in <c>.svg</c> or <c>.html</c>; taken as it is, without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [Alias("LiteralPath", "PSPath")]
    public string? Path { get; set; }

    /// <summary>The title above the chart.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Draws equal ratios of losses with equal heights.</summary>
    [Parameter]
    public SwitchParameter LogScale { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Has no effect: the file is always emitted. Scripts of before give it.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Path;

    /// <inheritdoc/>
    protected override void Begin()
    {
        // A path that cannot be is reported before the run, not after it.
        path = new PathResolver(this).ResolveNew(Path!);
        ChartFile.RequireFormat(path);
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var step in InputObject!)
            hasFailed |= !Attempt(step, () => StepReader.Add(curve, step));
    }

    /// <inheritdoc/>
    protected override void End()
    {
        // Errors of all steps have been reported already.
        if (hasFailed && curve.IsEmpty)
            return;
        if (!ShouldWrite("loss curve", path, "Export chart", ChartFile.FindObstacle(path, Force)))
            return;
        ChartFile.Write(curve, path, new ChartOptions { Title = Title, IsLogarithmic = LogScale }, Force);
        WriteObject(new FileInfo(path));
    }
}
