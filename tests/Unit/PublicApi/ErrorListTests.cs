using System.Text.RegularExpressions;

namespace PsGpt.Unit.PublicApi;

/// <summary>The list of error ids in docs/errors.md.</summary>
public sealed partial class ErrorListTests
{
    [Fact]
    public void Each_error_of_the_source_is_listed_with_its_kind_and_no_other()
    {
        var thrown = Repository.SourceFiles("src").SelectMany(file => Thrown().Matches(File.ReadAllText(file)))
            .Select(match => $"{match.Groups["id"].Value}: {match.Groups["kind"].Value}").Distinct();
        var listed = File.ReadLines(Repository.PathTo("docs/errors.md")).Select(line => Row().Match(line)).Where(match => match.Success)
            .SelectMany(match => match.Groups["kinds"].Value.Split(", ").Select(kind => $"{match.Groups["id"].Value}: {kind}"));
        Assert.Equal(thrown.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("""
        "(?<id>[A-Z]\w+)",\s*GptErrorKind\.(?<kind>\w+)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Thrown();

    [GeneratedRegex(@"^\| `(?<id>\w+)` \| (?<kinds>[\w, ]+) \| \S.*\|$")]
    private static partial Regex Row();
}
