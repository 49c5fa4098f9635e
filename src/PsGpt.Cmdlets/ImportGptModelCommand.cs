using System.Management.Automation;
using PsGpt.Formats;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Loads models from files or folders, or the built-in one where no path is given; a fresh object each time.</summary>
[Cmdlet(VerbsData.Import, "GptModel", DefaultParameterSetName = BuiltInSet)]
[OutputType(typeof(GptModel))]
public sealed class ImportGptModelCommand : GptCmdlet
{
    private const string BuiltInSet = "BuiltIn";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>Model files, or folders in Hugging Face's layout. Wildcards are resolved.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>Model files or folders whose paths are taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[]? LiteralPath { get; set; }

    /// <summary>The name of the format; told by the content unless it is given.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelFormatCompleter))]
    public string? Format { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ParameterSetName == BuiltInSet)
        {
            WriteObject(BuiltInModel.Load(StopToken));
            return;
        }

        foreach (var path in new PathResolver(this).Resolve(Path, LiteralPath))
            Attempt(path, () => WriteObject(ModelFile.Read(path, Format, StopToken)));
    }
}
