using System.Text.RegularExpressions;

namespace PsGpt.Unit.House;

public sealed partial class SourceFileTests
{
    private const int LongestFile = 250;

    [Fact]
    public void A_file_is_short_enough_to_be_read()
    {
        Assert.All(
            from folder in new[] { "src", "tests", "samples", "benchmarks", "tools" }
            where Directory.Exists(Repository.PathTo(folder))
            from file in Repository.SourceFiles(folder)
            select file,
            file => Assert.True(File.ReadLines(file).Count() <= LongestFile, $"{file} has more than {LongestFile} lines: it holds more than one concept."));
    }

    [Fact]
    public void A_file_holds_one_public_type_and_is_named_after_it()
    {
        foreach (var file in Repository.SourceFiles("src"))
        {
            var names = PublicType().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value).Distinct().ToArray();
            if (names.Length > 0)
                Assert.Equal([Path.GetFileNameWithoutExtension(file)], names);
        }
    }

    [Fact]
    public void No_file_is_a_drawer_for_everything()
    {
        Assert.DoesNotContain(Repository.SourceFiles("src"), file => Drawer().IsMatch(Path.GetFileNameWithoutExtension(file)));
    }

    [GeneratedRegex(@"^public (?:\w+ )*?(?:class|struct|interface|enum|delegate \w+|record(?: struct| class)?) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex("Util|Helper|Manager|Common|Misc")]
    private static partial Regex Drawer();
}
