using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Lets a parameter take paths and files, and names the parameter of objects that are neither.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextPathTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            TokenDataset => throw Misplaced("dataset", "Dataset"),
            TokenSequence => throw Misplaced("token sequence", "Tokens"),
            GptModel => throw Misplaced("model", "Model"),
            Recipe => throw Misplaced("recipe", "Recipe"),
            FileInfo file => file.FullName,
            _ => inputData,
        };
    }

    private static ArgumentTransformationMetadataException Misplaced(string thing, string parameter) =>
        new($"A {thing} is no path. Give it with -{parameter}, or through the pipeline.");
}
