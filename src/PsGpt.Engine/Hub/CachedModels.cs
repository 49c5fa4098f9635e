namespace PsGpt.Hub;

/// <summary>
/// The models in the cache of the hub that this engine can read. Models of other architectures are not shown and not touched.
/// </summary>
public static class CachedModels
{
    /// <summary>The names of models that are there with their weights; none if there is no cache that can be read.</summary>
    public static IReadOnlyList<string> Find(HubSettings settings)
    {
        try
        {
            return [.. Repositories(settings).Where(repository => repository.HasWeights).Select(repository => repository.Name)];
        }
        catch (GptException)
        {
            return [];
        }
    }

    /// <summary>All revisions, with their sizes; those of unfinished downloads too. None where there is no cache yet.</summary>
    /// <exception cref="GptException"><c>ReadFailed</c>: the cache cannot be read.</exception>
    public static IReadOnlyList<CachedModel> List(HubSettings settings) =>
        [.. Repositories(settings).SelectMany(repository => repository.List())];

    /// <summary>Removes a revision and the content that no other revision of the model has.</summary>
    /// <exception cref="GptException">
    /// <c>CachedModelNotFound</c>; <c>CachedModelInUse</c>: a process downloads it, nothing was removed; <c>CachedModelRemoveFailed</c>.
    /// </exception>
    public static void Remove(HubSettings settings, CachedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var repository = Repositories(settings).FirstOrDefault(repository => repository.Name == model.Name);
        if (repository?.Has(model.Commit) != true)
        {
            throw new GptException("CachedModelNotFound", GptErrorKind.NotFound,
                $"The cache '{settings.CacheFolder}' has no model '{model.Name}' of the commit {model.Commit}. " +
                "It may have been removed meanwhile.");
        }

        try
        {
            repository.Remove(model.Commit);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("CachedModelRemoveFailed", GptErrorKind.WriteFailed,
                $"'{model.Path}' cannot be removed: {exception.Message.TrimEnd('.')}. Close the programs that use it, then try again.",
                exception);
        }
    }

    private static IEnumerable<CachedRepository> Repositories(HubSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        try
        {
            return
            [
                .. new DirectoryInfo(settings.CacheFolder).EnumerateDirectories($"{CachedRepository.Prefix}*")
                    .Select(folder => new CachedRepository(settings.CacheFolder, folder)).Where(repository => repository.HoldsGpt2)
                    .OrderBy(repository => repository.Name, StringComparer.OrdinalIgnoreCase),
            ];
        }
        catch (DirectoryNotFoundException) when (!File.Exists(settings.CacheFolder))
        {
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var reason = File.Exists(settings.CacheFolder) ? "it is a file" : exception.Message.TrimEnd('.');
            throw new GptException("ReadFailed", GptErrorKind.ReadFailed,
                $"The cache '{settings.CacheFolder}' cannot be read: {reason}. See whether you may read it, or set "
                + "HF_HUB_CACHE to another folder.", exception);
        }
    }
}
