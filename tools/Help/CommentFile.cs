using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Help;

/// <summary>The XML comments that the compiler has collected, as plain text.</summary>
/// <param name="paths">The files of all assemblies whose types are shown.</param>
internal sealed partial class CommentFile(params IEnumerable<string> paths)
{
    private readonly Dictionary<string, XElement> members =
        paths.SelectMany(path => XDocument.Load(path).Descendants("member")).ToDictionary(member => (string)member.Attribute("name")!);

    /// <summary>The first sentence of a cmdlet's description.</summary>
    public string Synopsis(Type type) => FirstSentence().Match(Text(Member(type), "summary")).Value;

    /// <summary>All that is said of a cmdlet: its summary, and a paragraph for each of its remarks.</summary>
    public IEnumerable<string> Description(Type type)
    {
        var member = Member(type);
        var paragraphs = member?.Element("remarks")?.Elements("para").Select(Text).ToArray() is { Length: > 0 } some
            ? some
            : [Text(member, "remarks")];
        return paragraphs.Prepend(Text(member, "summary")).Where(text => text.Length > 0);
    }

    /// <summary>The summary of a type; empty where it has no comment.</summary>
    public string Summary(Type type) => Text(Member(type), "summary");

    /// <summary>
    /// The description of a property; empty if it has no comment. A record describes the properties of its constructor there, and an
    /// inherited description stands at the base class, the interface or the property that its comment names.
    /// </summary>
    public string Description(PropertyInfo property)
    {
        var owner = property.DeclaringType!;
        var named = members.GetValueOrDefault($"P:{owner.FullName}.{property.Name}")?.Element("inheritdoc")?.Attribute("cref");
        if (named is not null)
            return Text(members[(string)named!], "summary");
        var texts = from type in BasesOf(owner).Concat(owner.GetInterfaces())
                    let generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type
                    select Text(members.GetValueOrDefault($"P:{generic.FullName}.{property.Name}"), "summary");
        return texts.FirstOrDefault(text => text.Length > 0) ?? OfConstructor(owner, property.Name);
    }

    private static IEnumerable<Type> BasesOf(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            yield return type;
    }

    private string OfConstructor(Type owner, string name) =>
        Member(owner)?.Elements("param").FirstOrDefault(parameter => (string?)parameter.Attribute("name") == name) is { } element
            ? Text(element)
            : "";

    private XElement? Member(Type type) => members.GetValueOrDefault($"T:{type.FullName}");

    private static string Text(XElement? member, string part) => member?.Element(part) is { } element ? Text(element) : "";

    private static string Text(XElement element) => Blank().Replace(string.Concat(element.Nodes().Select(InPlainText)), " ").Trim();

    private static string InPlainText(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "para" } paragraph => $" {Text(paragraph)} ",
        XElement { IsEmpty: true } element when Reference(element) is { } name => ShortName(name),
        XElement element => Text(element),
        _ => "",
    };

    private static string? Reference(XElement element) =>
        (string?)(element.Attribute("cref") ?? element.Attribute("langword") ?? element.Attribute("name"));

    /// <summary>A parameter is called as it is typed, anything else by its own name.</summary>
    private static string ShortName(string reference)
    {
        var name = reference.Split('(')[0].Split('.', ':')[^1];
        return reference.StartsWith("P:PsGpt.Commands.", StringComparison.Ordinal) ? $"-{name}" : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex(@"^.*?[.!?](?=\s|$)|^.*$", RegexOptions.Singleline)]
    private static partial Regex FirstSentence();
}
