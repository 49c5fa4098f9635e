using System.Management.Automation;
using PsGpt.Hub;

namespace PsGpt.Commands;

/// <summary>The common base of the cmdlets for cached models: it chooses models by name and revision.</summary>
public abstract class CachedModelCmdlet : GptCmdlet
{
    /// <summary>The names of models, with wildcards.</summary>
    protected abstract string[] Names { get; }

    /// <summary>The revisions of the models: branches, tags or commit ids, with wildcards; all of them unless it is given.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CachedModelCompleter))]
    public string[] Revision { get; set; } = ["*"];

    /// <summary>The settings of the cache, which the environment sets.</summary>
    internal static HubSettings Settings => HubSettings.FromEnvironment();

    /// <summary>Does something with each model that was chosen. A name without wildcards that fits none is an error of its own.</summary>
    internal void ForEach(Action<HubSettings, CachedModel> action)
    {
        var settings = Settings;
        var models = CachedModels.List(settings);
        foreach (var name in Names)
        {
            var found = models.Where(model => Fits(name, model.Name)
                && Revision.Any(revision => Fits(revision, model.Revision) || Fits(revision, model.Commit))).ToList();
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                Attempt(name, () => throw NotFound(name, settings));
            foreach (var model in found)
                Attempt(model, () => action(settings, model));
        }
    }

    private GptException NotFound(string name, HubSettings settings)
    {
        var revision = Revision is ["*"] ? "" : $" of the revision '{string.Join("', '", Revision)}'";
        return new GptException("CachedModelNotFound", GptErrorKind.NotFound,
            $"The cache '{settings.CacheFolder}' has no model '{name}'{revision}. Get-GptCachedModel lists the models that it has.");
    }

    private static bool Fits(string pattern, string text) => new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(text);
}
