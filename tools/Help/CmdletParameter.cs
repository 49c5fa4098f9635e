using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace Help;

/// <summary>A parameter of a cmdlet.</summary>
internal sealed class CmdletParameter
{
    /// <summary>A parameter that the cmdlet declares.</summary>
    /// <param name="property">Its property.</param>
    /// <param name="initialValue">The value of the property if none is given.</param>
    public CmdletParameter(PropertyInfo property, object? initialValue)
    {
        (Property, Name, Type) = (property, property.Name, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
        Uses = [.. Metadata.AttributesOf(property, typeof(ParameterAttribute)).Select(ParameterUse.Read)];
        Aliases = [.. Metadata.ListOf(Metadata.AttributeOf(property, typeof(AliasAttribute))).Cast<string>()];
        TakesWildcards = Metadata.AttributeOf(property, typeof(SupportsWildcardsAttribute)) is not null;
        DefaultValue = initialValue switch
        {
            null or SwitchParameter or Array { Length: 0 } or "" => null,
            Array values => string.Join(", ", values.Cast<object>()),
            IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
            _ => initialValue.ToString(),
        };
    }

    /// <summary>A switch that PowerShell adds.</summary>
    public CmdletParameter(string name, string alias, string description) =>
        (Name, Type, Uses, Aliases, Description) = (name, typeof(SwitchParameter), [ParameterUse.Optional], [alias], description);

    /// <summary>The property that declares the parameter; null if PowerShell adds it.</summary>
    public PropertyInfo? Property { get; }

    public string Name { get; }

    public Type Type { get; }

    public IReadOnlyList<ParameterUse> Uses { get; }

    public IReadOnlyList<string> Aliases { get; }

    public bool TakesWildcards { get; }

    public string? DefaultValue { get; }

    /// <summary>Its description, if no comment has it.</summary>
    public string? Description { get; }

    /// <summary>The name of the type as PowerShell writes it.</summary>
    public string TypeName => PowerShellType.NameOf(Type);

    public bool IsSwitch => Type == typeof(SwitchParameter);

    /// <summary>How the parameter is used in a parameter set, or null where it has no place there.</summary>
    public ParameterUse? In(string set) =>
        Uses.FirstOrDefault(use => use.Set == set || use.Set == ParameterUse.AllSets);
}
