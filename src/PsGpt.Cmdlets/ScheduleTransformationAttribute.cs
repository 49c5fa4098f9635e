using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>Lets a parameter take a schedule by its name or as a script block, and nothing else.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ScheduleTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            string name => name,
            ScriptBlock block => block,
            _ => throw new ArgumentTransformationMetadataException(
                "A schedule is a name, such as cosine, or a script block { param($step, $default) … } that gives a learning rate."),
        };
}
