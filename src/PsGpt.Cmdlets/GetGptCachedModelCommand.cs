using System.Management.Automation;
using PsGpt.Hub;

namespace PsGpt.Commands;

/// <summary>Lists the GPT-2 models that were downloaded from the Hugging Face hub, with the room that they take.</summary>
/// <remarks>
/// The cache is the one that Hugging Face's own tools use: the folder of HF_HUB_CACHE, or hub in that of HF_HOME. Each revision of a model
/// is an object. Content that several revisions share counts once, at the revision that was used last.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "GptCachedModel")]
[OutputType(typeof(CachedModel))]
public sealed class GetGptCachedModelCommand : CachedModelCmdlet
{
    /// <summary>The names of models, with wildcards; all of them unless it is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [PathTransformation(Of = "name", Also = typeof(CachedModel), Hint = "Give the name of a model.")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CachedModelCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override string[] Names => Name;

    /// <inheritdoc/>
    protected override void Process() => ForEach((_, model) => WriteObject(model));
}
