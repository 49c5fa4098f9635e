using System.Management.Automation;
using PsGpt.Hub;

namespace PsGpt.Commands;

/// <summary>Removes GPT-2 models from the cache of the Hugging Face hub; they can be downloaded again.</summary>
/// <remarks>
/// Content that another revision of the model needs stays. A model that a process downloads at the moment is not touched. Models of other
/// architectures, which belong to other tools, are never removed.
/// </remarks>
[Cmdlet(VerbsCommon.Remove, "GptCachedModel", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveGptCachedModelCommand : CachedModelCmdlet
{
    /// <summary>The names of models, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [PathTransformation(Of = "name", Also = typeof(CachedModel), Hint = "Give the name of a model.")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CachedModelCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override string[] Names => Name;

    /// <inheritdoc/>
    protected override void Process() => ForEach((settings, model) =>
    {
        if (!ShouldProcess($"{model.Name} ({model.Revision}) in {model.Path}", "Remove from the cache"))
            return;
        CachedModels.Remove(settings, model);
        WriteVerbose($"'{model.Name}' ({model.Revision}), {model.Size:N0} bytes, was removed from '{settings.CacheFolder}'.");
    });
}
