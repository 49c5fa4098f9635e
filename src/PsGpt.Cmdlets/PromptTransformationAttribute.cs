using System.Management.Automation;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Keeps PowerShell from turning a model that comes without a prompt into text, and from completing that.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PromptTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is GptModel or PSObject { BaseObject: GptModel }
            ? throw new ArgumentTransformationMetadataException("A model is no prompt. Give the text to continue with -Prompt.")
            : inputData;
}
