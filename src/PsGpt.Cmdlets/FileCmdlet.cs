using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>A cmdlet that reads files: their paths with wildcards, or as they are.</summary>
public abstract class FileCmdlet : GptCmdlet
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";

    /// <summary>Files, or folders that hold them. Wildcards are resolved, the files of each in the order of their names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [PathTransformation(Hint = "Give paths or files (Get-Item).")]
    [SupportsWildcards]
    public virtual string[]? Path { get; set; }

    /// <summary>Files whose paths are taken as they are, in the order given.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[]? LiteralPath { get; set; }

    /// <summary>The full paths of the files that are there. One that is not is an error of its own.</summary>
    private protected IEnumerable<string> Files => new PathResolver(this).Resolve(Path, LiteralPath);
}
