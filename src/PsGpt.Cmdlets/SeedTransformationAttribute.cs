using System.Globalization;
using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>Says in our words which seeds there are. An empty cell of a CSV file is no seed.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SeedTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{inputData}");
        if (text.Length == 0)
            return null;
        var isWhole = NumberAttribute.Find(PipedTokens.Unwrap(inputData)) is { } number && double.IsInteger(number);
        return isWhole && LanguagePrimitives.TryConvertTo<ulong>(inputData, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new ArgumentTransformationMetadataException(
                $"'{text}' is no seed. Give a whole number from 0 to {ulong.MaxValue}.");
    }
}
