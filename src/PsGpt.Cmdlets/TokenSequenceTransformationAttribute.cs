using System.Management.Automation;
using PsGpt.Data;

namespace PsGpt.Commands;

/// <summary>
/// Lets a parameter take token sequences, also those that came back from JSON or a job, and names anything else by its type.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TokenSequenceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = PipedTokens.Unwrap(inputData);
        return value is null ? null : value is Array items ? items.Cast<object?>().Select(Find).ToArray() : Find(inputData);
    }

    private static TokenSequence Find(object? input) => PipedTokens.Find(input) ?? throw new ArgumentTransformationMetadataException(
        $"{PipedText.TypeName(input)} is no token sequence. Give tokens as ConvertTo-GptTokens makes them.");
}
