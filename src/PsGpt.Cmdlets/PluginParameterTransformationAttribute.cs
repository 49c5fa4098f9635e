using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PsGpt.Plugins;

namespace PsGpt.Commands;

/// <summary>Lets a parameter take values for plug-ins as a table: <c>@{ Strength = 0.5 }</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PluginParameterTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            IDictionary table => table.Cast<DictionaryEntry>().Select(ToValue).ToArray(),
            PluginValue[] values => values,
            _ => throw new ArgumentTransformationMetadataException(
                "Values for plug-ins are a table of names and values, such as @{ Strength = 0.5 }."),
        };

    private static PluginValue ToValue(DictionaryEntry entry) => new(
        Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "",
        Convert.ToString(entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value, CultureInfo.InvariantCulture) ?? "");
}
