using System.Text.RegularExpressions;
using System.Xml.Linq;
using PsGpt.Commands;

namespace PsGpt.Unit.Module;

public sealed partial class ManifestTests
{
    private static readonly string Manifest = File.ReadAllText(Repository.PathTo("module/PsGpt.psd1"));

    [Fact]
    public void Exactly_the_cmdlets_are_exported() =>
        Assert.Equal(CmdletType.All.Select(cmdlet => cmdlet.Name), List("CmdletsToExport").Order());

    [Fact]
    public void Exactly_the_aliases_are_exported() =>
        Assert.Equal(CmdletType.All.SelectMany(cmdlet => cmdlet.Aliases).Order(), List("AliasesToExport").Order());

    [Fact]
    public void Nothing_else_is_exported()
    {
        Assert.Empty(List("FunctionsToExport"));
        Assert.Empty(List("VariablesToExport"));
    }

    [Fact]
    public void The_assembly_has_the_version_of_the_manifest()
    {
        var version = Version.Parse(Regex.Match(Manifest, @"ModuleVersion\s*=\s*'([^']+)'").Groups[1].Value);
        Assert.Equal(version, new Version(typeof(GptCmdlet).Assembly.GetName().Version!.ToString(3)));
    }

    [Fact]
    public void There_is_a_view_for_each_output_type()
    {
        var viewed = XDocument.Load(Repository.PathTo("module/PsGpt.Format.ps1xml"))
            .Descendants("TypeName")
            .Select(name => name.Value)
            .ToHashSet();
        var own = CmdletType.All.SelectMany(cmdlet => cmdlet.OutputTypes)
            .Distinct()
            .Where(type => type.Namespace!.StartsWith("PsGpt", StringComparison.Ordinal));
        Assert.All(own, type => Assert.Contains(WithBaseTypes(type), viewed.Contains));
    }

    [Fact]
    public void The_built_module_has_all_files_that_the_manifest_names()
    {
        foreach (var file in new[] { "PsGpt.psd1", "PsGpt.Format.ps1xml", "PsGpt.Cmdlets.dll", "PsGpt.Engine.dll" })
            Assert.True(File.Exists(Repository.PathTo($"output/PsGpt/{file}")), $"output/PsGpt lacks {file}.");
    }

    private static string[] List(string key) =>
        [.. Quoted().Matches(Regex.Match(Manifest, key + @"\s*=\s*@\(([^)]*)\)").Groups[1].Value).Select(match => match.Groups[1].Value)];

    private static IEnumerable<string> WithBaseTypes(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            yield return type.FullName!;
    }

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
