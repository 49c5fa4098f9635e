using System.Management.Automation;
using PsGpt.Charts;
using PsGpt.Inspection;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Draws the attention of a model over a text as heat maps in the terminal, one for each head.</summary>
/// <remarks>
/// <para>
/// Each row is a token that looks back; its cells are the shares of its attention to the tokens of the columns, which sum to 1. A token
/// never sees later ones, so the upper right half is empty. A blank in the text of a token is shown as <c>·</c>.
/// </para>
/// <para>All heads of a layer have the same scale. <c>Get-GptActivation ... h.0.att</c> gives the numbers.</para>
/// </remarks>
[Cmdlet(VerbsCommon.Show, "GptAttention", DefaultParameterSetName = TextSet)]
[OutputType(typeof(string))]
public sealed class ShowGptAttentionCommand : InspectionCmdlet, IHeatMapParameters
{
    private bool hasDrawn;

    /// <summary>The layers, the first being 0; all unless they are given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [WholeNumber]
    public int[]? Layer { get; set; }

    /// <summary>The heads, the first being 0; all unless they are given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [WholeNumber]
    public int[]? Head { get; set; }

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

    private protected override void Inspect(GptModel model, int[] tokens)
    {
        ModelActivations.RequireLayers(model, Layer ?? []);
        var layers = Places(Layer, model.Configuration.LayerCount);
        var heads = Heads(model, Head);
        var options = TerminalWindow.HeatMapOptions(this);
        var names = layers.Select(layer => FormattableString.Invariant($"h.{layer}.att")).ToHashSet();
        foreach (var (layer, attention) in layers.Zip(ModelActivations.Compute(model, tokens, names.Contains, StopToken)))
        {
            var maps = HeatMap.Of(attention, options.Height, TextHeatMap.MostColumns(options), StopToken);
            var shown = heads
                .Select(head => maps[head] with { Title = FormattableString.Invariant($"layer {layer}, head {head}") }).ToArray();
            if (hasDrawn)
                WriteObject("");
            WriteObject(TextHeatMap.Draw(shown, options), enumerateCollection: true);
            hasDrawn = true;
        }
    }

    private static int[] Heads(GptModel model, int[]? wanted)
    {
        var count = model.Configuration.HeadCount;
        foreach (var head in wanted ?? [])
        {
            if ((uint)head >= (uint)count)
            {
                throw new GptException("HeadNotFound", GptErrorKind.NotFound,
                    $"There is no head {head} in the model '{model.Name}', whose heads are 0 to {count - 1}.");
            }
        }

        return Places(wanted, count);
    }

    private static int[] Places(int[]? wanted, int count) => [.. (wanted?.Distinct() ?? Enumerable.Range(0, count)).Order()];
}
