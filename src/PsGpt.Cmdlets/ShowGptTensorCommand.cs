using System.Management.Automation;
using PsGpt.Charts;
using PsGpt.Tensors;

namespace PsGpt.Commands;

/// <summary>Draws tensors as heat maps in the terminal. The lines are strings, so that they can be written to a file as well.</summary>
/// <remarks>
/// <para>
/// A matrix becomes one map, a vector one row, a larger tensor one map for each outer index. All maps of a tensor have the same scale.
/// Cells show their numbers where these fit. A tensor with more values than cells is averaged in blocks, and a line says so.
/// </para>
/// <para>
/// Colours follow <c>$PSStyle.OutputRendering</c> and the environment variable NO_COLOR. Without colours, shades show the values. A
/// blank in the text of a token is shown as <c>·</c>.
/// </para>
/// </remarks>
[Cmdlet(VerbsCommon.Show, "GptTensor")]
[OutputType(typeof(string))]
public sealed class ShowGptTensorCommand : GptCmdlet, IHeatMapParameters
{
    private bool hasDrawn;

    /// <summary>The tensors.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [PipedType(typeof(GptTensor), "tensor", Hint = "Give tensors as Get-GptTensor, Get-GptActivation and New-GptTensor make them.")]
    public GptTensor[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    [Parameter]
    [WholeNumber(TextHeatMapOptions.LeastWidth, 1000)]
    public int? Width { get; set; }

    /// <inheritdoc/>
    [Parameter]
    [WholeNumber(1, 1000)]
    public int? Height { get; set; }

    /// <inheritdoc/>
    [Parameter]
    public SwitchParameter Ascii { get; set; }

    /// <inheritdoc/>
    protected override object? Target => InputObject;

    /// <inheritdoc/>
    protected override void Process()
    {
        var options = TerminalWindow.HeatMapOptions(this);
        foreach (var tensor in InputObject)
            Attempt(tensor, () => WriteObject(Draw(tensor, options), enumerateCollection: true));
    }

    private IEnumerable<string> Draw(GptTensor tensor, TextHeatMapOptions options)
    {
        var lines = TextHeatMap.Draw(HeatMap.Of(tensor, options.Height, TextHeatMap.MostColumns(options), StopToken), options);
        var shown = hasDrawn ? lines.Prepend("") : lines;
        hasDrawn = true;
        return shown;
    }
}
