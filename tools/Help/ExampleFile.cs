using System.Text.RegularExpressions;

namespace Help;

/// <summary>The examples of one cmdlet, as docs/help/README.md describes the file.</summary>
internal static partial class ExampleFile
{
    /// <summary>The examples of a file, in their order; none where there is no file.</summary>
    public static IReadOnlyList<Example> Read(string path) =>
        File.Exists(path) ? [.. Section().Matches(File.ReadAllText(path).ReplaceLineEndings("\n")).Select(Parse)] : [];

    private static Example Parse(Match section) => new(
        section.Groups["title"].Value,
        section.Groups["code"].Value.Trim('\n'),
        [
            .. section.Groups["remarks"].Value.Split("\n\n")
                .Select(paragraph => paragraph.Trim().Replace('\n', ' '))
                .Where(paragraph => paragraph.Length > 0),
        ]);

    [GeneratedRegex(@"^## (?<title>.+)\n+```powershell.*\n(?<code>[\s\S]*?)^```$(?<remarks>[\s\S]*?)(?=^## |\z)", RegexOptions.Multiline)]
    private static partial Regex Section();
}
