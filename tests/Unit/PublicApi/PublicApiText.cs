using System.Globalization;
using System.Reflection;

namespace PsGpt.Unit.PublicApi;

/// <summary>Writes what is public in an assembly, a line for each type and each member, every line with its full name.</summary>
internal static class PublicApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // The compiler writes these for every record.
    private static readonly string[] OfRecords =
        [
            "Deconstruct", "Equals", "GetHashCode", "PrintMembers", "ToString", "<Clone>$", "op_Equality", "op_Inequality",
            "EqualityContract",
        ];

    public static string[] Of(Assembly assembly) =>
    [
        .. assembly.GetExportedTypes()
            .SelectMany(type => Members(type).Select(member => $"{Name(type)}.{member}").Prepend(Head(type)))
            .Order(StringComparer.Ordinal),
    ];

    private static string Head(Type type) => $"{Name(type)} : {Kind(type)}{Bases(type)}";

    private static string Kind(Type type) => type switch
    {
        { IsInterface: true } => "interface",
        { IsEnum: true } => "enum",
        _ when type.IsSubclassOf(typeof(Delegate)) => "delegate",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Bases(Type type)
    {
        if (type.IsEnum || type.IsSubclassOf(typeof(Delegate)))
            return "";
        var inherited = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? [parent] : Type.EmptyTypes;
        var own = type.GetInterfaces().Where(face => face.IsPublic && !face.Name.StartsWith("IEquatable", StringComparison.Ordinal));
        var names = inherited.Concat(own.OrderBy(Name, StringComparer.Ordinal)).Select(Name).ToArray();
        return names.Length > 0 ? $", {string.Join(", ", names)}" : "";
    }

    private static IEnumerable<string> Members(Type type) => type switch
    {
        { IsEnum: true } => Enum.GetNames(type),
        _ when type.IsSubclassOf(typeof(Delegate)) => [Parameters(type.GetMethod("Invoke")!)],
        _ => from member in type.GetMembers(Declared)
             where !OfRecords.Contains(member.Name)
             let text = Text(member)
             where text is not null
             select text,
    };

    private static string? Text(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when IsVisible(constructor) && !IsCopy(constructor) => $"new{Parameters(constructor)}",
        MethodInfo { IsSpecialName: false } method when IsVisible(method) =>
            $"{method.Name}{Parameters(method)} : {Name(method.ReturnType)}",
        PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsVisible) =>
            $"{property.Name} : {Name(property.PropertyType)} {{ {Accessors(property)} }}",
        FieldInfo { IsPublic: true } field => $"{field.Name} : {Name(field.FieldType)}",
        EventInfo @event when @event.AddMethod is { } add && IsVisible(add) => $"event {@event.Name} : {Name(@event.EventHandlerType!)}",
        _ => null,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsCopy(ConstructorInfo constructor) =>
        constructor.GetParameters() is [var only] && only.ParameterType == constructor.DeclaringType;

    private static string Accessors(PropertyInfo property)
    {
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Length > 0;
        return string.Join(' ', new[]
        {
            property.GetMethod is { } get && IsVisible(get) ? "get;" : null,
            property.SetMethod is { } set && IsVisible(set) ? isInit ? "init;" : "set;" : null,
        }.OfType<string>());
    }

    private static string Parameters(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(Text))})";

    private static string Text(ParameterInfo parameter) => $"{Name(parameter.ParameterType)} {parameter.Name}{Default(parameter)}";

    private static string Default(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? string.Create(CultureInfo.InvariantCulture, $" = {parameter.DefaultValue ?? "default"}") : "";

    /// <summary>The namespace of our own types below PsGpt, with a dot; types of .NET are known without.</summary>
    private static string Room(Type type) =>
        type.Namespace!.StartsWith("PsGpt.", StringComparison.Ordinal) ? $"{type.Namespace["PsGpt.".Length..]}." : "";

    private static string Name(Type type)
    {
        if (type.IsGenericParameter || type.HasElementType)
            return type.HasElementType ? Name(type.GetElementType()!) + (type.IsArray ? "[]" : type.IsByRef ? "&" : "*") : type.Name;
        var name = type.DeclaringType is { } outer ? $"{Name(outer)}.{type.Name}" : $"{Room(type)}{type.Name}";
        return type.IsGenericType && name.Contains('`', StringComparison.Ordinal)
            ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : name;
    }
}
