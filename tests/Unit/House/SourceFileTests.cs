using System.Text.RegularExpressions;

namespace PsGpt.Unit.House;

public sealed partial class SourceFileTests
{
    private const int LongestFile = 250;
    private const int LongestFamily = 150;
    private const int LongestLine = 140;

    private static readonly string[] Folders = ["src", "tests", "samples", "benchmarks", "tools", "module"];

    [Fact]
    public void A_file_is_short_enough_to_be_read()
    {
        Assert.All(
            from folder in Folders
            from file in Repository.SourceFiles(folder)
            select file,
            file => Assert.True(
                File.ReadLines(file).Count() <= LongestFile, $"{file} has more than {LongestFile} lines: it holds more than one concept."));
    }

    [Fact]
    public void A_line_fits_beside_another_file()
    {
        var tooLong = from folder in Folders
                      from file in Repository.SourceFiles(folder).Concat(Repository.SourceFiles(folder, "*.ps1"))
                      from line in File.ReadLines(file).Index()
                      where line.Item.Length > LongestLine
                      select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}";
        Assert.Empty(tooLong);
    }

    [Fact]
    public void A_file_holds_one_public_type_or_a_small_family_and_is_named_after_it()
    {
        foreach (var file in Repository.SourceFiles("src"))
        {
            // A part of a class is called after it and after its content, such as GptTensor.Values.
            var name = Path.GetFileNameWithoutExtension(file).Split('.')[0];
            var types = PublicType().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value).Distinct().ToArray();
            if (types.Length > 0)
                Assert.True(IsNamedAfter(types, name), $"{file} holds {string.Join(", ", types)}: name it after them, or divide it.");
            if (types.Length > 1)
                Assert.True(File.ReadLines(file).Count() <= LongestFamily, $"{file} is too long for a family of small types.");
        }
    }

    [Theory]
    [InlineData("Sampler", true, "Sampler")]
    [InlineData("Sampler", false, "Sampling")]
    [InlineData("Sampler", true, "Sampler", "SamplingOptions")]
    [InlineData("Schedules", true, "CosineSchedule", "LinearSchedule")]
    [InlineData("Schedules", false, "CosineSchedule", "Linear")]
    public void A_family_has_a_head_or_a_common_name(string file, bool isNamedAfter, params string[] types) =>
        Assert.Equal(isNamedAfter, IsNamedAfter(types, file));

    [Fact]
    public void No_file_is_a_drawer_for_everything()
    {
        Assert.DoesNotContain(Repository.SourceFiles("src"), file => Drawer().IsMatch(Path.GetFileNameWithoutExtension(file)));
    }

    /// <summary>Either the file has the name of one of its types, or all types end in the singular of its name.</summary>
    private static bool IsNamedAfter(string[] types, string file) =>
        types.Contains(file) || (file.EndsWith('s') && types.All(type => type.EndsWith(file[..^1], StringComparison.Ordinal)));

    [GeneratedRegex(
        @"^public (?:\w+ )*?(?:class|struct|interface|enum|delegate \w+|record(?: struct| class)?) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex("Util|Helper|Manager|Common|Misc")]
    private static partial Regex Drawer();
}
