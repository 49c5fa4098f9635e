using System.Management.Automation;
using PsGpt.Charts;

namespace PsGpt.Commands;

/// <summary>
/// Draws the loss of a run, or of several, in the terminal. The lines are strings, so that they can be written to a file as well.
/// </summary>
/// <remarks>Of several runs each has a letter; its capital marks the loss on held-out text.</remarks>
[Cmdlet(VerbsCommon.Show, "GptLoss")]
[OutputType(typeof(string))]
public sealed class ShowGptLossCommand : LossChartCmdlet
{
    private const int UsualHeight = 20;

    /// <summary>
    /// The steps of a run, as <c>Start-GptTraining</c> emits them or <c>Import-Csv</c> and <c>ConvertFrom-Json</c> read them, or those
    /// of several runs, one run after the other.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject[]? InputObject { get; set; }

    /// <summary>The characters of a line; as many as the window has unless it is given.</summary>
    [Parameter]
    [WholeNumber(TextChartOptions.LeastWidth, 1000)]
    public int? Width { get; set; }

    /// <summary>The lines; 20, or as many as the window has room for, unless it is given.</summary>
    [Parameter]
    [WholeNumber(TextChartOptions.LeastHeight, 1000)]
    public int? Height { get; set; }

    /// <summary>Draws with the characters of ASCII alone, where a font or a file has no others.</summary>
    [Parameter]
    public SwitchParameter Ascii { get; set; }

    /// <inheritdoc/>
    protected override object? Target => InputObject;

    /// <inheritdoc/>
    protected override void Process() => Take(InputObject!);

    /// <inheritdoc/>
    protected override void End()
    {
        if (HasOnlyErrors)
            return;
        var window = TerminalWindow.SizeOf(Host);
        WriteObject(TextChart.Draw(ToLossChart(), new TextChartOptions
        {
            Width = Width ?? Math.Max(window.Width - 1, TextChartOptions.LeastWidth),
            Height = Height ?? Math.Clamp(window.Height - 2, TextChartOptions.LeastHeight, UsualHeight),
            IsAscii = Ascii,
        }), enumerateCollection: true);
    }
}
