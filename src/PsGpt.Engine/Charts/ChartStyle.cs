namespace PsGpt.Charts;

/// <summary>The style sheets of charts.</summary>
internal static class ChartStyle
{
    /// <summary>The narrow drawing where there is little room, else the wide one.</summary>
    public const string Choice = "@media(max-width:600px){.wide{display:none}.narrow{display:inline}}";

    /// <summary>Paper, text and size of any picture.</summary>
    private const string Paper =
        ".chart{font:13px system-ui,sans-serif;max-width:100%;height:auto}"
        + ".paper{fill:#fff}text{fill:#24292f}.title{font-size:17px}";

    private const string DarkPaper = ".paper{fill:#0d1117}text{fill:#e6edf3}";

    /// <summary>A picture of lines. Colours stand in the rules themselves: many viewers know no variables.</summary>
    public static string Lines { get; } =
        Paper + ".grid{stroke:#d0d7de}.line{fill:none;stroke:currentColor;stroke-width:1.5;stroke-linejoin:round}"
        + ".eachstep{stroke-opacity:.35;stroke-width:1}.smoothed{stroke-width:2.25}.validation{stroke-dasharray:6 3}"
        + ".broken{stroke-dasharray:12 3 3 3}.dot{fill:currentColor}.neutral{color:#57606a}"
        + ".hover{fill:#808080;fill-opacity:0}.hover:hover{fill-opacity:.2}" + Colors(ChartColors.Light)
        + "@media(prefers-color-scheme:dark){" + DarkPaper + ".grid{stroke:#30363d}.neutral{color:#9da7b1}"
        + Colors(ChartColors.Dark) + "}";

    /// <summary>A picture of heat maps.</summary>
    public static string Maps { get; } =
        Paper + ".label{font-size:12px}.cell,.ramp{shape-rendering:crispEdges}.cell:hover{stroke:#24292f;stroke-width:2}"
        + "@media(prefers-color-scheme:dark){" + DarkPaper + ".cell:hover{stroke:#e6edf3}}";

    /// <summary>A page around a picture.</summary>
    public const string Page =
        ":root{color-scheme:light dark}"
        + "body{margin:0 auto;padding:1rem;max-width:70rem;font:16px system-ui,sans-serif;background:#fff;color:#24292f}"
        + "@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}}"
        + "#value{position:sticky;bottom:0;margin:0;padding:.5em 0;min-height:1.5em;background:inherit;text-align:center;"
        + "font-variant-numeric:tabular-nums}";

    private static string Colors(IReadOnlyList<string> colors) =>
        string.Concat(colors.Select((color, i) => $".{ChartColors.ClassOf(i)}{{color:{color}}}"));
}
