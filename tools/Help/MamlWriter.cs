using System.Globalization;
using System.Xml.Linq;

namespace Help;

/// <summary>
/// Writes the files of <c>Get-Help</c>: Microsoft's assistance markup, as
/// https://learn.microsoft.com/powershell/scripting/developer/help/writing-help-for-windows-powershell-cmdlets describes it.
/// </summary>
/// <param name="comments">The comments of the code.</param>
/// <param name="examplesOf">The examples of a cmdlet.</param>
/// <param name="cmdlets">All cmdlets.</param>
/// <param name="projectUri">The project's public address, where the pages can be read; empty where there is none.</param>
internal sealed class MamlWriter(
    CommentFile comments, Func<Cmdlet, IReadOnlyList<Example>> examplesOf, IReadOnlyList<Cmdlet> cmdlets, string projectUri)
{
    private static readonly XNamespace Root = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public XDocument ToDocument() => new(
        new XElement(Root + "helpItems", new XAttribute("schema", "maml"), cmdlets.Select(ToCommand)));

    private XElement ToCommand(Cmdlet cmdlet) => new(
        Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml),
        new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(
            Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            new XElement(Command + "verb", cmdlet.Verb),
            new XElement(Command + "noun", cmdlet.Noun),
            Paragraphs("description", comments.Synopsis(cmdlet.Type))),
        Paragraphs("description", [.. comments.Description(cmdlet.Type)]),
        new XElement(Command + "syntax", cmdlet.Syntaxes.Select(syntax => new XElement(
            Command + "syntaxItem",
            new XElement(Maml + "name", cmdlet.Name),
            syntax.Select(item => ToParameter(item.Parameter, item.Use))))),
        new XElement(
            Command + "parameters",
            cmdlet.Parameters.OrderBy(parameter => parameter.Property is null)
                .ThenBy(parameter => parameter.Name)
                .Select(parameter => ToParameter(parameter, parameter.Uses[0], isWhole: true))),
        new XElement(
            Command + "inputTypes",
            cmdlet.Parameters.Where(parameter => parameter.Uses.Any(use => use.TakesPipeline)).Select(parameter =>
                new XElement(
                    Command + "inputType", TypeElement(parameter.Type.FullName!), Paragraphs("description", DescriptionOf(parameter))))),
        new XElement(
            Command + "returnValues",
            cmdlet.OutputTypes.Select(
                type =>
                    new XElement(
                        Command + "returnValue", TypeElement(type.FullName!), Paragraphs("description", [.. DescriptionOf(type)])))),
        new XElement(Command + "examples", examplesOf(cmdlet).Select(ToExample)),
        new XElement(Command + "relatedLinks", Links(cmdlet)));

    private XElement ToParameter(CmdletParameter parameter, ParameterUse use, bool isWhole = false) => new(
        Command + "parameter",
        new XAttribute("required", Lower(use.IsMandatory)),
        new XAttribute("variableLength", Lower(parameter.Type.IsArray)),
        new XAttribute("globbing", Lower(parameter.TakesWildcards)),
        new XAttribute("pipelineInput", PipelineInput(use)),
        new XAttribute("position", use.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
        new XAttribute("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none"),
        new XElement(Maml + "name", parameter.Name),
        Paragraphs("description", DescriptionOf(parameter)),
        parameter.IsSwitch && !isWhole ? null : new XElement(
            Command + "parameterValue", new XAttribute("required", Lower(!parameter.IsSwitch)),
            new XAttribute("variableLength", Lower(parameter.Type.IsArray)), parameter.TypeName),
        parameter.Type.IsEnum
            ? new XElement(Command + "parameterValueGroup", Enum.GetNames(parameter.Type).Select(name =>
                new XElement(
                    Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), name)))
            : null,
        TypeElement(parameter.TypeName),
        new XElement(Dev + "defaultValue", parameter.IsSwitch ? "False" : parameter.DefaultValue ?? "None"));

    private static XElement ToExample(Example example, int index) => new(
        Command + "example",
        new XElement(Maml + "title", $"-------- Example {index + 1}: {example.Title} --------"),
        new XElement(Dev + "code", example.Code),
        // The last one is empty: Get-Help leaves no room between two examples by itself.
        new XElement(Dev + "remarks", example.Remarks.Append("").Select(text => new XElement(Maml + "para", text))));

    private string DescriptionOf(CmdletParameter parameter) => parameter.Description ?? comments.Description(parameter.Property!);

    private static XElement Paragraphs(string name, params string[] texts) =>
        new(Maml + name, texts.Select(text => new XElement(Maml + "para", text)));

    private static XElement TypeElement(string name) => new(Dev + "type", new XElement(Maml + "name", name));

    /// <summary>The description of an output, with a line for each of its properties.</summary>
    private IEnumerable<string> DescriptionOf(Type type) => OutputMember.Of(type)
        .Select(member => $"{member.Name} ({member.TypeName}): {comments.Description(member.Property)}")
        .Prepend(comments.Summary(type))
        .Where(text => text.Length > 0);

    /// <summary><c>Get-Help -Online</c> opens the first link with an address.</summary>
    private IEnumerable<XElement> Links(Cmdlet cmdlet)
    {
        if (projectUri.Length > 0)
            yield return Link("Online version:", $"{projectUri}/blob/main/docs/help/{cmdlet.Name}.md");
        foreach (var name in Neighbors.Of(cmdlet, cmdlets).Append("about_PsGpt"))
            yield return Link(name);
    }

    private static XElement Link(string text, string uri = "") =>
        new(Maml + "navigationLink", new XElement(Maml + "linkText", text), new XElement(Maml + "uri", uri));

    private static string PipelineInput(ParameterUse use) => (use.TakesPipeline, use.TakesPipelineProperty) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    private static string Lower(bool value) => value ? "true" : "false";
}
