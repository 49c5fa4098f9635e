using System.Reflection;

namespace Help;

/// <summary>A property of an object that a cmdlet emits.</summary>
internal sealed record OutputMember(PropertyInfo Property)
{
    public string Name => Property.Name;

    /// <summary>The name of its type as C# writes it.</summary>
    public string TypeName => NameOf(Property.PropertyType);

    /// <summary>The properties of a type of our own; those of .NET's types are described by .NET.</summary>
    public static IEnumerable<OutputMember> Of(Type type) =>
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where IsOurs(type) && IsOurs(property.DeclaringType!) && property.GetIndexParameters().Length == 0
        orderby property.MetadataToken
        select new OutputMember(property);

    public static bool IsOurs(Type type) => type.Namespace?.StartsWith("PsGpt", StringComparison.Ordinal) == true;

    private static string NameOf(Type type) => type switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } inner => $"{NameOf(inner)}?",
        { IsArray: true } => $"{NameOf(type.GetElementType()!)}[]",
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>",
        _ => PowerShellType.NameOf(type),
    };
}
