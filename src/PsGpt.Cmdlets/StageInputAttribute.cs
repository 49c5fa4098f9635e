using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>Names the input of a stage of a training step where it is given anything else.</summary>
/// <param name="type">The type that it takes.</param>
/// <param name="source">The cmdlet that makes it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StageInputAttribute(Type type, string source) : ArgumentTransformationAttribute
{
    /// <summary>The type that the stage takes.</summary>
    public Type Type => type;

    /// <summary>The cmdlet that makes it.</summary>
    public string Source => source;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PipedTokens.Unwrap(inputData) is { } value && type.IsInstanceOfType(value)
            ? value
            : throw new ArgumentTransformationMetadataException(
            $"{PipedText.TypeName(inputData)} is no result of {source}. The stages of a training step are New-GptBatch, "
            + "Invoke-GptForward, Invoke-GptBackward and Update-GptModel, in this order.");
}
