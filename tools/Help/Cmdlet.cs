using System.Management.Automation;
using System.Reflection;
using PsGpt.Commands;

namespace Help;

/// <summary>A cmdlet as its attributes describe it.</summary>
internal sealed class Cmdlet
{
    private readonly CustomAttributeData attribute;

    private Cmdlet(Type type, CustomAttributeData attribute)
    {
        (Type, this.attribute) = (type, attribute);
        var fresh = Activator.CreateInstance(type);
        Parameters =
        [
            .. from property in type.GetProperties()
               where Metadata.AttributeOf(property, typeof(ParameterAttribute)) is not null
               select new CmdletParameter(property, property.GetValue(fresh)),
            .. SwitchesOfShouldProcess(),
        ];
    }

    public static IReadOnlyList<Cmdlet> All { get; } =
    [
        .. from type in typeof(GptCmdlet).Assembly.GetTypes()
           let attribute = Metadata.AttributeOf(type, typeof(CmdletAttribute))
           where attribute is not null
           let cmdlet = new Cmdlet(type, attribute)
           orderby cmdlet.Name
           select cmdlet,
    ];

    public Type Type { get; }

    public string Verb => (string)attribute.ConstructorArguments[0].Value!;

    public string Noun => (string)attribute.ConstructorArguments[1].Value!;

    public string Name => $"{Verb}-{Noun}";

    public IReadOnlyList<CmdletParameter> Parameters { get; }

    public IEnumerable<Type> OutputTypes => Metadata.ListOf(Metadata.AttributeOf(Type, typeof(OutputTypeAttribute))).Cast<Type>();

    /// <summary>The ways to call it, the usual one first, each with its parameters in the order in which they are typed.</summary>
    public IEnumerable<IEnumerable<(CmdletParameter Parameter, ParameterUse Use)>> Syntaxes =>
        from set in SetNames()
        select from parameter in Parameters
               let use = parameter.In(set)
               where use is not null
               orderby use.Position ?? int.MaxValue, use.IsMandatory descending
               select (parameter, use);

    private IEnumerable<string> SetNames() => Parameters
        .SelectMany(parameter => parameter.Uses)
        .Select(use => use.Set)
        .Prepend(Metadata.Named(attribute, nameof(CmdletAttribute.DefaultParameterSetName), ParameterUse.AllSets))
        .Where(name => name != ParameterUse.AllSets)
        .Distinct()
        .DefaultIfEmpty(ParameterUse.AllSets);

    private IEnumerable<CmdletParameter> SwitchesOfShouldProcess() =>
        !Metadata.Named(attribute, nameof(CmdletAttribute.SupportsShouldProcess), false) ? [] :
            [new("WhatIf", "wi", "Says what would be done, and does nothing."), new("Confirm", "cf", "Asks before anything is done.")];
}
