using System.Management.Automation;
using System.Management.Automation.Host;
using PsGpt.Charts;

namespace PsGpt.Commands;

/// <summary>The size and the colours of the window that a cmdlet draws for.</summary>
internal static class TerminalWindow
{
    private const int WidestHeatMap = 79;
    private const int UsualRows = 32;

    /// <summary>The size. A job has no window, and neither has redirected output: these get that of an old terminal.</summary>
    public static Size SizeOf(PSHost host)
    {
        try
        {
            if (host.UI?.RawUI?.WindowSize is { Width: > 0, Height: > 0 } size)
                return size;
        }
        catch (Exception exception) when (exception is HostException or IOException or NotImplementedException
            or PSNotImplementedException or PlatformNotSupportedException)
        {
        }

        return new Size(80, 24);
    }

    /// <summary>Heat maps that fit the window, at most 79 columns wide unless the user gives a size.</summary>
    public static TextHeatMapOptions HeatMapOptions<TCmdlet>(TCmdlet cmdlet)
        where TCmdlet : PSCmdlet, IHeatMapParameters => new()
        {
            Width = cmdlet.Width ?? Math.Clamp(SizeOf(cmdlet.Host).Width - 1, TextHeatMapOptions.LeastWidth, WidestHeatMap),
            Height = cmdlet.Height ?? UsualRows,
            IsAscii = cmdlet.Ascii,
            HasColor = HasColor(cmdlet),
        };

    /// <summary>Whether colours are wanted: as <c>$PSStyle.OutputRendering</c> and NO_COLOR (no-color.org) say.</summary>
    private static bool HasColor(PSCmdlet cmdlet)
    {
        var style = cmdlet.SessionState.PSVariable.GetValue("PSStyle");
        return (style is null ? null : PSObject.AsPSObject(style).Properties["OutputRendering"]?.Value?.ToString()) switch
        {
            "PlainText" => false,
            "Ansi" => true,
            _ => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && cmdlet.Host.UI?.SupportsVirtualTerminal is true,
        };
    }
}
