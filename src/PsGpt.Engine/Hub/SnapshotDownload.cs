namespace PsGpt.Hub;

/// <summary>Brings the files of one commit into the cache, unless they are there already.</summary>
/// <param name="offlineReason">Why the hub must not or cannot be asked; null where it can.</param>
internal sealed class SnapshotDownload(
    HubConnection connection,
    RepositoryCache cache,
    HubName name,
    string commit,
    GptException? offlineReason,
    TimeProvider clock,
    IProgress<HubProgress>? progress,
    CancellationToken cancellationToken)
{
    private const long MostSideBytes = 64L << 20;

    /// <summary>The folder of the files.</summary>
    public string Folder => cache.SnapshotFolder(commit);

    /// <summary>Why the hub must not or cannot be asked; null where it can.</summary>
    public GptException? OfflineReason => offlineReason;

    /// <summary>Gets a file that a model can do without.</summary>
    /// <param name="known">The hub's earlier answer about it; null if there is none.</param>
    /// <returns>Whether the commit has it; offline, whether the cache has it.</returns>
    /// <exception cref="GptException">
    /// <c>HubCacheWriteFailed</c>, and the errors of <see cref="BlobDownload"/> and <see cref="HubErrors"/>.
    /// </exception>
    public bool TryGet(string file, HubFileHeader? known = null)
    {
        if (cache.Has(commit, file))
            return true;
        if (offlineReason is not null || cache.IsKnownToLack(commit, file))
            return false;
        var header = known ?? RetryPolicy.Run(
            () => connection.Head(name, commit, file, cancellationToken), clock, retries: true,
            () => progress?.Report(new HubProgress(file, 0, 0, HubPhase.Retrying)), cancellationToken);
        if (header is null)
        {
            cache.RememberLack(commit, file);
            return false;
        }

        Store(file, header);
        return true;
    }

    /// <summary>Gets a file that must be there.</summary>
    /// <param name="known">The hub's earlier answer about it; null if there is none.</param>
    /// <exception cref="GptException">
    /// <c>HubFileMissing</c>, the reason for being offline, and the errors of <see cref="TryGet"/>.
    /// </exception>
    public void Get(string file, HubFileHeader? known = null)
    {
        if (!TryGet(file, known))
        {
            throw offlineReason ?? new GptException("HubFileMissing", GptErrorKind.NotFound,
                $"The model '{name}' on the hub has no file '{file}', which its index names. Tell its owner, or choose another revision.");
        }
    }

    private void Store(string file, HubFileHeader header)
    {
        var source = new HubFile(name, file, connection.AddressOf(name, commit, file), header);
        if (header.Commit != commit)
            throw HubErrors.ResponseInvalid(source.Address, "it answers for another commit than was asked for");
        if (header.Size > MostSideBytes && !file.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            throw HubErrors.ResponseInvalid(source.Address,
                $"it names {header.Size:N0} bytes for '{file}', which never has more than {MostSideBytes:N0}");
        }

        var blob = cache.BlobPath(header.Tag);
        try
        {
            cache.Prepare(commit, header.Tag);
            var waiting = new HubProgress(file, 0, header.Size, HubPhase.WaitingForOther);
            using var held = FileLock.Acquire(cache.LockPath(header.Tag), clock, () => progress?.Report(waiting), cancellationToken);
            if (cache.Has(commit, file))
                return;
            var isNew = !(File.Exists(blob) && new FileInfo(blob).Length == header.Size);
            if (isNew)
                new BlobDownload(connection, source, clock, progress, cancellationToken).Run(blob);
            cache.Link(commit, file, header.Tag, isNew);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("HubCacheWriteFailed", GptErrorKind.WriteFailed,
                $"'{file}' of '{name}' ({header.Size:N0} bytes) cannot be stored: {exception.Message.TrimEnd('.')}. " +
                "Make room or give permission there, or set HF_HUB_CACHE to another folder; the part that was downloaded is kept.",
                exception);
        }
    }
}
