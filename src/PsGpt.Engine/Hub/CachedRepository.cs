namespace PsGpt.Hub;

/// <summary>The folder of one model in the cache, as it is found there (<see cref="RepositoryCache"/> describes it).</summary>
internal sealed class CachedRepository
{
    public const string Prefix = "models--";
    private const string IncompleteEnding = ".incomplete";

    private static readonly EnumerationOptions AllFiles = new()
    {
        RecurseSubdirectories = true, MaxRecursionDepth = 8, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true,
    };

    private readonly string root;
    private readonly string lockFolder;
    private readonly List<CachedSnapshot> snapshots;

    public CachedRepository(string cacheFolder, DirectoryInfo folder)
    {
        (root, lockFolder) = (folder.FullName, Path.Combine(cacheFolder, ".locks", folder.Name));
        Name = folder.Name[Prefix.Length..].Replace("--", "/", StringComparison.Ordinal);
        snapshots =
        [
            .. Folders("snapshots").Where(snapshot => HubName.IsCommitId(snapshot.Name))
                .Select(snapshot => new CachedSnapshot(snapshot, BlobFolder)).OrderByDescending(snapshot => snapshot.LastUsed),
        ];
    }

    /// <summary>The name of the model.</summary>
    public string Name { get; }

    /// <summary>Whether a snapshot is configured as GPT-2.</summary>
    public bool HoldsGpt2 => snapshots.Any(snapshot => snapshot.IsGpt2);

    /// <summary>Whether a snapshot of GPT-2 has weights.</summary>
    public bool HasWeights => snapshots.Any(snapshot => snapshot.IsGpt2 && snapshot.HasWeights);

    private string BlobFolder => Path.Combine(root, "blobs");

    public bool Has(string commit) => snapshots.Any(snapshot => snapshot.Commit == commit);

    /// <summary>All revisions, the last used first.</summary>
    public IEnumerable<CachedModel> List()
    {
        var references = References().ToLookup(reference => reference.Commit, reference => reference.Name);
        var counted = new HashSet<string>(StringComparer.Ordinal);

        // Content without a snapshot is an unfinished download, or was left when a removal was interrupted.
        var leftOver = Blobs().Where(blob => !snapshots.Any(snapshot => snapshot.Blobs.Contains(blob.Name))).Sum(blob => blob.Length);
        foreach (var snapshot in snapshots)
        {
            var size = leftOver + snapshot.OwnBytes;
            size += snapshot.Blobs.Where(counted.Add).Sum(name => new FileInfo(Path.Combine(BlobFolder, name)).Length);
            leftOver = 0;
            var names = references[snapshot.Commit].Order(StringComparer.Ordinal).ToList();
            var revision = names.Contains(HubName.DefaultRevision) ? HubName.DefaultRevision : names.FirstOrDefault() ?? snapshot.Commit;
            yield return new CachedModel
            {
                Name = Name,
                Revision = revision,
                Commit = snapshot.Commit,
                Size = size,
                LastUsed = snapshot.LastUsed,
                Path = snapshot.Folder,
            };
        }
    }

    /// <summary>
    /// Removes a snapshot. The configuration, which is small, goes last: a model whose removal was interrupted is still listed, and can be
    /// removed again.
    /// </summary>
    /// <exception cref="GptException"><c>CachedModelInUse</c>.</exception>
    public void Remove(string commit)
    {
        var others = snapshots.Where(snapshot => snapshot.Commit != commit).SelectMany(snapshot => snapshot.Blobs).ToHashSet();
        var removed = Blobs().Where(blob => !others.Contains(blob.Name)).OrderByDescending(blob => blob.Length).ToList();
        var locks = new List<IDisposable>();
        try
        {
            locks.AddRange(removed.Select(blob => LockOf(blob.Name)).Distinct().Where(File.Exists).Select(Take));
            removed.ForEach(blob => blob.Delete());
            Directory.Delete(snapshots.Single(snapshot => snapshot.Commit == commit).Folder, recursive: true);
            foreach (var reference in References().Where(reference => reference.Commit == commit))
                File.Delete(Path.Combine([root, "refs", .. reference.Name.Split('/')]));
            if (Path.Combine(root, ".no_exist", commit) is var lacks && Directory.Exists(lacks))
                Directory.Delete(lacks, recursive: true);
            RemoveEmptyFolders();
        }
        finally
        {
            locks.ForEach(held => held.Dispose());
        }
    }

    private string LockOf(string blob)
    {
        var tag = blob.EndsWith(IncompleteEnding, StringComparison.Ordinal) ? blob[..^IncompleteEnding.Length] : blob;
        return Path.Combine(lockFolder, $"{tag}.lock");
    }

    private IDisposable Take(string path) => FileLock.TryAcquire(path) ?? throw new GptException(
        "CachedModelInUse", GptErrorKind.AlreadyExists,
        $"Another process downloads '{Name}' at this moment. Wait until it ends, then remove the model; nothing was removed.");

    /// <summary>A folder that another process has just written to is not empty, and stays.</summary>
    private void RemoveEmptyFolders()
    {
        var folders = Directory.EnumerateDirectories(root, "*", AllFiles).OrderByDescending(path => path.Length).Append(root).ToList();
        foreach (var folder in folders)
        {
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }
    }

    private IEnumerable<(string Name, string Commit)> References()
    {
        var folder = Path.Combine(root, "refs");
        if (!Directory.Exists(folder))
            yield break;
        foreach (var path in Directory.EnumerateFiles(folder, "*", AllFiles))
        {
            // A reference is 40 characters; a longer file is none.
            if (new FileInfo(path).Length <= 100 && File.ReadAllText(path).Trim() is var commit && HubName.IsCommitId(commit))
                yield return (Path.GetRelativePath(folder, path).Replace('\\', '/'), commit);
        }
    }

    private IEnumerable<FileInfo> Blobs() => Directory.Exists(BlobFolder) ? new DirectoryInfo(BlobFolder).EnumerateFiles() : [];

    private IEnumerable<DirectoryInfo> Folders(string name) =>
        Path.Combine(root, name) is var path && Directory.Exists(path) ? new DirectoryInfo(path).EnumerateDirectories() : [];
}
