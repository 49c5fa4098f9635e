using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>
/// Lets a parameter take paths or names. PowerShell would look for the text of any other object; here it is an error that names its
/// type. Nothing is converted: a file of the pipeline has a path that is bound by name, in which brackets are no wildcards.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public class PathTransformationAttribute : ArgumentTransformationAttribute
{
    // PowerShell binds these properties of an object to parameters of that name, or as with the files that a job gives.
    private static readonly string[] BoundByName = ["PSPath", "LiteralPath", "Name"];

    /// <summary>The word for the value in the message.</summary>
    public string Of { get; set; } = "path";

    /// <summary>The end of the message: advice for other objects.</summary>
    public string Hint { get; set; } = "";

    /// <summary>A type that is taken as well, or null.</summary>
    public Type? Also { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var items = PipedTokens.Unwrap(inputData) is Array array ? array.Cast<object?>() : [inputData];
        return items.FirstOrDefault(item => !IsPath(item)) is not { } other
            ? inputData
            : throw new ArgumentTransformationMetadataException($"{PipedText.TypeName(other)} is no {Of}. {Hint}".TrimEnd());
    }

    private bool IsPath(object? item)
    {
        var value = PipedTokens.Unwrap(item);
        return value is null or string or FileSystemInfo or PathInfo
            || value.GetType() == Also
            || PipedText.LineOf(item) is not null
            || (item is PSObject { BaseObject: PSCustomObject } row && BoundByName.Any(name => row.Properties[name] is not null));
    }
}
