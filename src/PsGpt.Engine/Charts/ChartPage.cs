using System.Net;

namespace PsGpt.Charts;

/// <summary>A page that holds a chart and all that it needs.</summary>
internal static class ChartPage
{
    /// <summary>The text of a page.</summary>
    /// <param name="title">The title of the window.</param>
    /// <param name="style">The style sheet, beside that of all pages.</param>
    /// <param name="body">The elements of the page, as markup.</param>
    /// <param name="script">The name of the script among the resources.</param>
    public static string ToText(string title, string style, string body, string script) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>{WebUtility.HtmlEncode(title)}</title>
        <style>{ChartStyle.Page}{style}</style>
        </head>
        <body>
        {body}
        <p id="value" aria-live="polite"></p>
        <script type="module">
        {ReadScript(script)}</script>
        </body>
        </html>

        """;

    private static string ReadScript(string name)
    {
        using var reader = new StreamReader(typeof(ChartPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
