using System.Management.Automation;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Lets a parameter take a tokenizer by its name as well as by the object.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TokenizerTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string name)
            return value;
        try
        {
            return TokenizerCatalog.Registry.Get(name).Tokenizer;
        }
        catch (GptException exception)
        {
            throw new ArgumentTransformationMetadataException(exception.Message, exception);
        }
    }
}
