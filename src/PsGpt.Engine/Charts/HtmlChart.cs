using System.Net;
using System.Xml.Linq;

namespace PsGpt.Charts;

/// <summary>A page that holds a chart and all that it needs, and shows the values under the pointer.</summary>
public static class HtmlChart
{
    // The texts are those of the chart's own hover areas.
    private const string Script =
        """
        const line = document.getElementById('value');
        const show = event => {
          const title = event.target.closest('.hover')?.querySelector('title');
          if (title) line.textContent = title.textContent;
        };
        document.querySelector('svg').addEventListener('pointermove', show);
        document.querySelector('svg').addEventListener('pointerdown', show);
        """;

    private const string Style =
        ":root{color-scheme:light dark}" +
        "body{margin:0 auto;padding:1rem;max-width:70rem;font:16px system-ui,sans-serif;background:#fff;color:#24292f}"
        + "svg{width:100%;height:auto}#value{min-height:1.5em;text-align:center;font-variant-numeric:tabular-nums}"
        + "@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}}";

    /// <summary>The text of the page.</summary>
    /// <exception cref="GptException"><c>ChartEmpty</c>: there is no loss that could be shown.</exception>
    public static string ToText(LossCurve curve, ChartOptions options)
    {
        var svg = SvgChart.ToElement(curve, options).ToString(SaveOptions.DisableFormatting);
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{WebUtility.HtmlEncode(options.Title ?? "Loss")}</title>
            <style>{Style}</style>
            </head>
            <body>
            {svg}
            <p id="value"></p>
            <script>
            {Script}
            </script>
            </body>
            </html>

            """;
    }
}
