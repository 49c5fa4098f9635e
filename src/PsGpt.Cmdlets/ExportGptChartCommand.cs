using System.Management.Automation;
using PsGpt.Charts;
using PsGpt.Tensors;

namespace PsGpt.Commands;

/// <summary>
/// Writes the loss of training runs, or tensors as heat maps, as an SVG picture or as an HTML page that needs nothing else. The values
/// show under the pointer, and the colours are light or dark as the viewer is.
/// </summary>
/// <remarks>
/// <para>
/// Steps become lines. Behind the smoothed line of a long run its losses are faint. Several runs in one pipeline are drawn apart, each in
/// a colour of its own: <c>$a, $b | Export-GptChart loss.html -RunName adamw, muon</c>.
/// </para>
/// <para>
/// Tensors, such as those of <c>Get-GptActivation</c>, become heat maps, labelled by token. A page shows one matrix at a time; layers and
/// heads can be chosen there. A picture holds all of them. A tensor with too many values is averaged in blocks, and a note says so.
/// </para>
/// </remarks>
[Cmdlet(VerbsData.Export, "GptChart", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportGptChartCommand : LossChartCmdlet
{
    private readonly List<GptTensor> tensors = [];
    private bool hasSteps, isMixed;
    private string path = "";

    /// <summary>
    /// The steps of runs, as <c>Start-GptTraining</c> emits them or <c>Import-Csv</c> and <c>ConvertFrom-Json</c> read them, or tensors.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject[]? InputObject { get; set; }

    /// <summary>The path of the file, ending in <c>.svg</c> or <c>.html</c>; taken as it is, without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [Alias("LiteralPath", "PSPath")]
    public string? Path { get; set; }

    /// <summary>The title above the chart.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>
    /// The weight of the past in the smoothed line, as TensorBoard counts it, 0 (no such line) to 0.999; one that suits the number of
    /// steps unless it is given.
    /// </summary>
    [Parameter]
    [Number(0, 0.999)]
    public double? Smoothing { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Has no effect: the file is always emitted. Older scripts give it.</summary>
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
        if (isMixed)
            return;
        var found = InputObject!.Select(item => item.BaseObject).OfType<GptTensor>().ToArray();
        tensors.AddRange(found);
        hasSteps |= found.Length < InputObject!.Length;
        isMixed = tensors.Count > 0 && hasSteps;
        if (isMixed)
        {
            throw new GptException("ChartMixed", GptErrorKind.InvalidArgument,
                "A chart shows either losses or tensors, and both came. Write a chart of each.");
        }

        if (found.Length == 0)
            Take(InputObject!);
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (HasOnlyErrors || isMixed)
            return;
        Chart chart = tensors.Count > 0 ? ToHeatMapChart() : ToLossChart() with { Title = Title, Smoothing = Smoothing };
        if (!ShouldWrite(tensors.Count > 0 ? "heat maps" : "loss curve", path, "Export chart", ChartFile.FindObstacle(path, Force)))
            return;
        ChartFile.Write(chart, path, Force, StopToken);
        WriteObject(new FileInfo(path));
    }

    private HeatMapChart ToHeatMapChart()
    {
        string[] forLosses = [nameof(RunName), nameof(LogScale), nameof(Smoothing)];
        if (forLosses.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } unused)
        {
            throw new GptException("OptionNotUsed", GptErrorKind.InvalidArgument,
                $"-{unused} has no effect on heat maps. Leave it out.");
        }

        return new HeatMapChart(tensors) { Title = Title };
    }
}
