using System.Text.RegularExpressions;

namespace PsGpt.Unit.House;

public sealed partial class GlossaryTests
{
    [Fact]
    public void Each_type_of_the_glossary_exists()
    {
        var known = Repository.SourceFiles("src").Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet();
        var named = File.ReadLines(Repository.PathTo("docs/glossary.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => TypeName().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value))
            .ToArray();
        Assert.True(named.Length > 20);
        Assert.Empty(named.Except(known));
    }

    [GeneratedRegex("`([A-Z]\\w+)`")]
    private static partial Regex TypeName();
}
