using System.Management.Automation;
using System.Reflection;

namespace Help;

/// <summary>How a parameter is used in a parameter set, or in all of them.</summary>
internal sealed record ParameterUse(string Set, bool IsMandatory, int? Position, bool TakesPipeline, bool TakesPipelineProperty)
{
    /// <summary>The name that stands for all sets.</summary>
    public const string AllSets = "__AllParameterSets";

    /// <summary>A parameter that can be given by name in every set.</summary>
    public static ParameterUse Optional { get; } = new(
        AllSets, IsMandatory: false, Position: null, TakesPipeline: false, TakesPipelineProperty: false);

    public static ParameterUse Read(CustomAttributeData attribute) => new(
        Metadata.Named(attribute, nameof(ParameterAttribute.ParameterSetName), AllSets),
        Metadata.Named(attribute, nameof(ParameterAttribute.Mandatory), false),
        Metadata.Named(attribute, nameof(ParameterAttribute.Position), int.MinValue) is var position and >= 0 ? position : null,
        Metadata.Named(attribute, nameof(ParameterAttribute.ValueFromPipeline), false),
        Metadata.Named(attribute, nameof(ParameterAttribute.ValueFromPipelineByPropertyName), false));
}
