using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>Names the type of an object that a parameter cannot take, and says what it takes.</summary>
/// <param name="type">The type that it takes, or that of each object of an array.</param>
/// <param name="what">The word for that type in the message.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PipedTypeAttribute(Type type, string what) : ArgumentTransformationAttribute
{
    internal const string Stages =
        "The stages of a training step are New-GptBatch, Invoke-GptForward, Invoke-GptBackward and Update-GptModel, in this order.";

    /// <summary>The type that the parameter takes.</summary>
    public Type Type => type;

    /// <summary>The word for that type in the message.</summary>
    public string What => what;

    /// <summary>The end of the message: advice.</summary>
    public string Hint { get; set; } = "";

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = PipedTokens.Unwrap(inputData);
        foreach (var item in value as object?[] ?? [inputData])
        {
            if (!type.IsInstanceOfType(PipedTokens.Unwrap(item)))
            {
                throw new ArgumentTransformationMetadataException(
                    $"{PipedText.TypeName(item)} is no {what}. {Hint}".TrimEnd());
            }
        }

        return value;
    }
}
