using System.Reflection;
using PsGpt.Commands;

namespace PsGpt.Unit.Module;

/// <summary>A cmdlet as its attributes describe it, read without running them: that needs no PowerShell.</summary>
internal sealed class CmdletType(Type type)
{
    private readonly CustomAttributeData attribute = Attribute(type, "CmdletAttribute")!;

    public static IReadOnlyList<CmdletType> All { get; } =
        [
            .. typeof(GptCmdlet).Assembly.GetTypes()
                .Where(type => Attribute(type, "CmdletAttribute") is not null)
                .Select(type => new CmdletType(type))
                .OrderBy(cmdlet => cmdlet.Name),
        ];

    public Type Type => type;

    public string Verb => (string)attribute.ConstructorArguments[0].Value!;

    public string Noun => (string)attribute.ConstructorArguments[1].Value!;

    public string Name => $"{Verb}-{Noun}";

    public IEnumerable<string> Aliases => Values(Attribute(type, "AliasAttribute")).Cast<string>();

    public IEnumerable<Type> OutputTypes => Values(Attribute(type, "OutputTypeAttribute")).Cast<Type>();

    public IEnumerable<PropertyInfo> Parameters =>
        type.GetProperties().Where(property => Attribute(property, "ParameterAttribute") is not null);

    public static CustomAttributeData? Attribute(MemberInfo member, string name) =>
        member.CustomAttributes.FirstOrDefault(attribute => attribute.AttributeType.Name == name);

    public override string ToString() => Name;

    private static IEnumerable<object?> Values(CustomAttributeData? attribute) =>
        attribute is null
            ? []
            : ((IReadOnlyCollection<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!).Select(
                argument => argument.Value);
}
