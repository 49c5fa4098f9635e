using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>Makes an empty cell of a CSV file a value that was not given; PowerShell would make it 0.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EmptyIsNullAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PipedTokens.Unwrap(inputData) is "" ? null : inputData;
}
