using System.Management.Automation;
using PsGpt.Tensors;

namespace PsGpt.Commands;

/// <summary>
/// Takes the data type of weights by its name or by the short one of files (F32, F16, BF16, Q8), and refuses others by name. A
/// <see cref="ValidateSetAttribute"/> beside it is for completion alone: PowerShell completes an enumeration by nothing else.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WeightDataTypeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the weights are in memory, which holds no Float16.</summary>
    public bool IsInMemory { get; init; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var given = PipedTokens.Unwrap(inputData);
        var type = $"{given}".ToUpperInvariant() switch
        {
            "F32" or "FP32" => WeightDataType.Float32,
            "F16" or "FP16" => WeightDataType.Float16,
            "BF16" => WeightDataType.BFloat16,
            "Q8" => WeightDataType.Q8_0,
            var name => Enum.TryParse<WeightDataType>(name, ignoreCase: true, out var parsed) ? parsed : (WeightDataType?)null,
        };
        WeightDataType[] allowed = IsInMemory
            ? [WeightDataType.Float32, WeightDataType.BFloat16, WeightDataType.Q8_0]
            : [WeightDataType.Float32, WeightDataType.Float16, WeightDataType.BFloat16, WeightDataType.Q8_0];
        return type is { } known && allowed.Contains(known)
            ? known
            : throw new ArgumentTransformationMetadataException($"'{given}' is no data type here. Give {string.Join(", ", allowed)}.");
    }
}
