using System.Xml.Linq;

namespace PsGpt.Unit.Module;

/// <summary>Whether each cmdlet can be found out about with <c>Get-Help</c>. What the examples do is for tests/Pester.</summary>
public sealed class HelpTests
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly Lazy<XDocument> Help = new(
        () => XDocument.Load(Repository.PathTo("output/PsGpt/en-US/PsGpt.Cmdlets.dll-Help.xml")));

    public static TheoryData<string> Names => [.. CmdletType.All.Select(cmdlet => cmdlet.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_says_what_it_does(string name)
    {
        const string what = "give its class in src/PsGpt.Cmdlets a <summary> (see docs/help/README.md)";
        Require(Text(Find(name).Element(Command + "details")?.Element(Maml + "description")).EndsWith('.'), name, what);
        Require(Text(Find(name).Element(Maml + "description")).Length > 0, name, what);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_parameter_is_described(string name)
    {
        var described = Find(name).Element(Command + "parameters")!
            .Elements()
            .ToDictionary(parameter => Text(parameter.Element(Maml + "name")), parameter => Text(parameter.Element(Maml + "description")));
        foreach (var parameter in CmdletType.All.Single(cmdlet => cmdlet.Name == name).Parameters)
            Require(
                described.GetValueOrDefault(parameter.Name, "").Length > 0, name,
                $"give the property {parameter.Name} of its class a <summary>");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void There_are_two_examples_at_least(string name)
    {
        var examples = Find(name).Descendants(Command + "example").ToArray();
        Require(
            examples.Length >= 2, name,
            $"write docs/help/{name}.md with two examples at least, in the form that docs/help/README.md shows");
        Assert.All(
            examples,
            example =>
                Require(
                    Text(example.Element(Dev + "code")).Contains(name, StringComparison.OrdinalIgnoreCase), name,
                    $"use it in each of its examples in docs/help/{name}.md"));
    }

    [Fact]
    public void Every_file_of_examples_is_of_a_cmdlet() =>
        Assert.All(
            Directory.GetFiles(Repository.PathTo("docs/help"), "*-*.md"),
            file => Assert.Contains(Path.GetFileNameWithoutExtension(file), CmdletType.All.Select(cmdlet => cmdlet.Name)));

    private static XElement Find(string name)
    {
        var found = Help.Value.Descendants(Command + "command")
            .SingleOrDefault(command => Text(command.Element(Command + "details")?.Element(Command + "name")) == name);
        Require(found is not null, name, "build tools/Help, which writes the help of all cmdlets");
        return found!;
    }

    private static string Text(XElement? element) => element?.Value.Trim() ?? "";

    private static void Require(bool condition, string name, string whatToDo) =>
        Assert.True(condition, $"Get-Help {name} has a gap: {whatToDo}.");
}
