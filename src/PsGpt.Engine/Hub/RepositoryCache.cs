namespace PsGpt.Hub;

/// <summary>
/// The folder of one repository in the cache, as huggingface_hub lays it out: <c>blobs</c> holds contents by their entity tag,
/// <c>snapshots/commit</c> the files of a commit as links to them, <c>refs</c> the commit of a branch or tag, and <c>.no_exist</c>
/// what a commit is known to lack.
/// </summary>
internal sealed class RepositoryCache(HubSettings settings, string repository)
{
    private readonly string name = $"models--{repository.Replace("/", "--", StringComparison.Ordinal)}";

    private string Root => Path.Combine(settings.CacheFolder, name);

    /// <summary>Where the content with that tag is, or will be.</summary>
    public string BlobPath(string tag) => Path.Combine(Root, "blobs", tag);

    /// <summary>The file that processes hold while they download that content; huggingface_hub's own lock.</summary>
    public string LockPath(string tag) => Path.Combine(settings.CacheFolder, ".locks", name, $"{tag}.lock");

    public string SnapshotFolder(string commit) => Path.Combine(Root, "snapshots", commit);

    /// <summary>Whether a file of a commit is there, and not only a link to what has been removed.</summary>
    public bool Has(string commit, string file)
    {
        var link = new FileInfo(Path.Combine(SnapshotFolder(commit), file));
        return link.Exists && (link.LinkTarget is null || link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true });
    }

    /// <summary>Whether the hub has said that a commit has no such file.</summary>
    public bool IsKnownToLack(string commit, string file) => File.Exists(MissingMark(commit, file));

    /// <summary>The commit that a revision stood for when the hub was last asked, or null.</summary>
    public string? CommitOf(string revision)
    {
        if (HubName.IsCommitId(revision))
            return revision;
        var path = ReferencePath(revision);
        return File.Exists(path) && File.ReadAllText(path).Trim() is var commit && HubName.IsCommitId(commit) ? commit : null;
    }

    /// <summary>Notes what the hub said. Only saves the next question, so a cache that cannot be written does not matter.</summary>
    public void RememberCommit(string revision, string commit)
    {
        if (CommitOf(revision) != commit)
            TryWrite(ReferencePath(revision), commit);
    }

    /// <inheritdoc cref="RememberCommit"/>
    public void RememberLack(string commit, string file)
    {
        if (!IsKnownToLack(commit, file))
            TryWrite(MissingMark(commit, file), "");
    }

    /// <summary>Makes the folders that a download writes to, and marks the cache as one for backups to skip.</summary>
    public void Prepare(string commit, string tag)
    {
        foreach (var path in new[] { BlobPath(tag), LockPath(tag), Path.Combine(SnapshotFolder(commit), "file") })
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var mark = Path.Combine(settings.CacheFolder, "CACHEDIR.TAG");
        if (!File.Exists(mark))
        {
            TryWrite(mark, "Signature: 8a477f597d28d172789f06886806bc55\n" +
                "# This folder is a cache: its files can be downloaded again.\n# See https://bford.info/cachedir/\n");
        }
    }

    /// <summary>Lets a file of a commit have the content of a blob.</summary>
    /// <param name="isNew">
    /// Whether the blob was just downloaded. Without links, a new blob is moved into the snapshot, and any other is copied.
    /// </param>
    public void Link(string commit, string file, string tag, bool isNew)
    {
        var path = Path.Combine(SnapshotFolder(commit), file);
        if (settings.UsesSymbolicLinks && TryLink(path, Path.Combine("..", "..", "blobs", tag)))
            return;
        if (isNew)
        {
            File.Move(BlobPath(tag), path, overwrite: true);
            return;
        }

        var copy = Beside(path);
        File.Copy(BlobPath(tag), copy);
        File.Move(copy, path, overwrite: true);
    }

    private static bool TryLink(string path, string target)
    {
        // The link is made under another name and renamed: another process never finds the file gone, nor half of it.
        var link = Beside(path);
        try
        {
            File.CreateSymbolicLink(link, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        File.Move(link, path, overwrite: true);
        return true;
    }

    private static void TryWrite(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var whole = Beside(path);
            File.WriteAllText(whole, text);
            File.Move(whole, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string Beside(string path) => $"{path}.{Guid.NewGuid():N}.tmp";

    private string ReferencePath(string revision) => Path.Combine([Root, "refs", .. revision.Split('/')]);

    private string MissingMark(string commit, string file) => Path.Combine(Root, ".no_exist", commit, file);
}
