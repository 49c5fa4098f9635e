using System.Management.Automation;
using PsGpt.Tensors;

namespace PsGpt.Commands;

/// <summary>Lets a parameter take a data type by the short name that files use for it (F32, F16, BF16, F64, Q8) as well as by ours.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WeightDataTypeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) as string)?.ToUpperInvariant() switch
        {
            "F32" or "FP32" => WeightDataType.Float32,
            "F16" or "FP16" => WeightDataType.Float16,
            "BF16" => WeightDataType.BFloat16,
            "F64" or "FP64" => WeightDataType.Float64,
            "Q8" => WeightDataType.Q8_0,
            _ => inputData,
        };
}
