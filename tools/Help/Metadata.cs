using System.Reflection;

namespace Help;

/// <summary>
/// Attributes as they are written in the source. The stand-in for PowerShell has their types without their content, so they are
/// read and never made.
/// </summary>
internal static class Metadata
{
    public static IEnumerable<CustomAttributeData> AttributesOf(MemberInfo member, Type type) =>
        member.CustomAttributes.Where(attribute => attribute.AttributeType == type);

    public static CustomAttributeData? AttributeOf(MemberInfo member, Type type) => AttributesOf(member, type).FirstOrDefault();

    /// <summary>The list that was given to the constructor.</summary>
    public static IEnumerable<object> ListOf(CustomAttributeData? attribute)
    {
        var arguments = attribute?.ConstructorArguments.Select(argument => argument.Value);
        var list = arguments?.OfType<IEnumerable<CustomAttributeTypedArgument>>().FirstOrDefault();
        return (list ?? []).Select(item => item.Value!);
    }

    /// <summary>A value that was set by name, or a default.</summary>
    public static T Named<T>(CustomAttributeData attribute, string name, T otherwise) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value is T value ? value : otherwise;
}
