using System.Management.Automation;
using PsGpt.Hub;

namespace PsGpt.Commands;

/// <summary>
/// Lets a parameter take paths or names of models. A model of the cache stands for its name with the commit, which the cache has, so
/// that the hub is not asked.
/// </summary>
public sealed class ModelPathTransformationAttribute : PathTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var names = PipedTokens.Unwrap(inputData) is Array array ? array.Cast<object?>().Select(NameOf).ToArray() : NameOf(inputData);
        return base.Transform(engineIntrinsics, names);
    }

    private static object? NameOf(object? item) => PipedTokens.Unwrap(item) is CachedModel model ? $"{model.GetHubName()}" : item;
}
