using PsGpt.Formats;
using PsGpt.Formats.HuggingFace;
using PsGpt.Formats.Tokenizers;

namespace PsGpt.Hub;

/// <summary>
/// Gets GPT-2 models from the Hugging Face hub into its standard cache, where other tools find them, too, and finds there what
/// those have downloaded. A branch or tag is looked up at each call, by one small request; a whole commit id needs none.
/// </summary>
public sealed class ModelHub : IDisposable
{
    private const string ConfigurationName = "config.json";

    private readonly HubSettings settings;
    private readonly TimeProvider clock;
    private readonly HubConnection connection;

    /// <param name="settings">Where models come from and where they are kept.</param>
    public ModelHub(HubSettings settings)
        : this(settings, TimeProvider.System)
    {
    }

    /// <param name="clock">Measures the pauses between attempts, and how long an answer may take.</param>
    internal ModelHub(HubSettings settings, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (this.settings, this.clock, connection) = (settings, clock, new HubConnection(settings, clock));
    }

    /// <summary>Makes sure that the files of a model are in the cache: its configuration, tokenizer and weights, nothing else.</summary>
    /// <param name="name">The model.</param>
    /// <param name="progress">Is told of each part, on the thread of the caller.</param>
    /// <param name="cancellationToken">Stops the call at once; what has been downloaded is kept and used the next time.</param>
    /// <exception cref="GptException">
    /// <c>HubModelNotFound</c>, <c>HubRevisionNotFound</c>, <c>HubFileMissing</c>, <c>HubAccessDenied</c>, <c>HubUnreachable</c>,
    /// <c>HubOffline</c>, <c>HubResponseInvalid</c>, <c>HubDownloadCorrupt</c>, <c>HubCacheWriteFailed</c>, <c>HubPickleRefused</c>,
    /// <c>ArchitectureUnknown</c>, <c>WeightIndexInvalid</c>.
    /// </exception>
    public HubSnapshot Download(HubName name, IProgress<HubProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var cache = new RepositoryCache(settings, name.Repository);
        var (commit, configuration, problem) = FindCommit(name, cache, progress, cancellationToken);
        var offlineReason = problem ?? (settings.IsOffline ? Offline(name) : null);
        var files = new SnapshotDownload(connection, cache, name, commit, offlineReason, clock, progress, cancellationToken);
        files.Get(ConfigurationName, configuration);
        RequireKnownArchitecture(files.Folder);
        GetTokenizer(files);
        GetWeights(files, name, commit, cancellationToken);

        // Only now: a revision that is noted stands for a commit whose files are all there.
        if (problem is null && !settings.IsOffline)
            cache.RememberCommit(name.Revision, commit);
        return new HubSnapshot(name, commit, files.Folder, problem);
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private (string Commit, HubFileHeader? Configuration, GptException? Problem) FindCommit(
        HubName name, RepositoryCache cache, IProgress<HubProgress>? progress, CancellationToken cancellationToken)
    {
        var known = cache.CommitOf(name.Revision);
        if (name.IsCommit || settings.IsOffline)
            return (known ?? throw Offline(name), null, null);
        try
        {
            // With a copy at hand there is no waiting for a hub that is away.
            var header = RetryPolicy.Run(
                () => connection.Head(name, name.Revision, ConfigurationName, cancellationToken), clock, retries: !HasWeights(cache, known),
                () => progress?.Report(new HubProgress(ConfigurationName, 0, 0, HubPhase.Retrying)), cancellationToken);
            return header is null
                ? throw NotLoadable(name, name.Revision, ConfigurationName, cancellationToken)
                : (header.Commit, header, null);
        }
        catch (GptException exception) when (known is not null
            && exception.ErrorId is ErrorIds.HubUnreachable or ErrorIds.HubAccessDenied or ErrorIds.HubModelNotFound
                or ErrorIds.HubResponseInvalid)
        {
            return (known, null, exception);
        }
    }

    private static bool HasWeights(RepositoryCache cache, string? commit) =>
        commit is not null && (cache.Has(commit, HuggingFaceShards.WeightsName) || cache.Has(commit, HuggingFaceShards.IndexName));

    /// <summary>The tokenizer and the small files that change it, of which a model may have any.</summary>
    private static void GetTokenizer(SnapshotDownload files)
    {
        if (!files.TryGet(TokenizerJson.FileName) && files.TryGet(MergesFile.VocabularyName))
            files.TryGet(MergesFile.FileName);
        string[] others =
        [
            TokenizerSettings.FileName, TokenizerSettings.SpecialTokensName, TokenizerSettings.AddedTokensName,
            HuggingFaceTokenizer.GenerationName,
        ];
        foreach (var name in others)
            files.TryGet(name);
    }

    private void GetWeights(SnapshotDownload files, HubName name, string commit, CancellationToken cancellationToken)
    {
        if (files.TryGet(HuggingFaceShards.WeightsName))
            return;
        if (!files.TryGet(HuggingFaceShards.IndexName))
            throw files.OfflineReason ?? NotLoadable(name, commit, HuggingFaceShards.WeightsName, cancellationToken);
        foreach (var shard in HuggingFaceShards.Find(new DirectorySource(files.Folder)))
        {
            if (!shard.EndsWith(".safetensors", StringComparison.Ordinal))
                throw PickleRefused(name, shard);
            files.Get(shard);
        }
    }

    /// <summary>A model that cannot be read anyway is not downloaded, however many gigabytes of it there are.</summary>
    private static void RequireKnownArchitecture(string folder)
    {
        var source = new DirectorySource(folder);
        try
        {
            HuggingFaceConfiguration.RequireGpt2(SideFile.Read(source, ConfigurationName), source.Describe(ConfigurationName));
        }
        catch (GptException exception) when (exception.ErrorId == ErrorIds.ConfigurationFileInvalid)
        {
            // Some configurations make sense only together with the names of the tensors: the reader of the model decides.
        }
    }

    private GptException NotLoadable(HubName name, string revision, string missing, CancellationToken cancellationToken)
    {
        var names = RepositoryListing.Read(connection, name, revision, cancellationToken);
        return names.FirstOrDefault(RepositoryListing.IsPickle) is { } pickle && !names.Contains(HuggingFaceShards.WeightsName)
            ? PickleRefused(name, pickle)
            : new GptException("HubFileMissing", GptErrorKind.NotFound,
                $"The model '{name}' on the hub has no '{missing}'. " +
                (names.Count > 0 ? $"It has: {string.Join(", ", names.Take(20))}. " : "") +
                "Choose a GPT-2 model that was saved by transformers.");
    }

    private static GptException PickleRefused(HubName name, string file) => new(
        "HubPickleRefused", GptErrorKind.NotSupported,
        $"The weights of '{name}' are in '{file}', a pickle: loading one runs whatever code it holds, so pickles are not read. " +
        "Choose a model with safetensors, or save this one as such if you trust it (in Python: " +
        "model.save_pretrained(folder, safe_serialization=True)).");

    private GptException Offline(HubName name) => new(
        "HubOffline", GptErrorKind.NotFound,
        $"The model '{name}' is not in the cache '{settings.CacheFolder}', or not all of it, and HF_HUB_OFFLINE forbids to ask the hub. " +
        "Remove that variable, or load the model once where there is a connection.");
}
