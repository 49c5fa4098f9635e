namespace PsGpt.Formats;

/// <summary>
/// A file or directory that is written beside its target under a name of its own. Committing renames it into place; disposing
/// without removes what there is, so that nothing half-written is left.
/// </summary>
internal sealed class StagedTarget : IDisposable
{
    private readonly string targetPath;

    public StagedTarget(string path)
    {
        targetPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        StagingPath = $"{targetPath}.{Guid.NewGuid():N}.partial";
    }

    /// <summary>Where to write.</summary>
    public string StagingPath { get; }

    /// <summary>Puts what was written in the place of the target.</summary>
    public void Commit()
    {
        if (!Directory.Exists(StagingPath))
        {
            if (Directory.Exists(targetPath))
                Directory.Delete(targetPath, recursive: true);
            File.Move(StagingPath, targetPath, overwrite: true);
            return;
        }

        // A directory cannot be renamed over another: the old one steps aside first, and comes back if the new one cannot follow.
        var aside = $"{StagingPath}.old";
        var hadOld = Path.Exists(targetPath);
        if (hadOld)
            Directory.Move(targetPath, aside);
        try
        {
            Directory.Move(StagingPath, targetPath);
        }
        catch when (hadOld)
        {
            Directory.Move(aside, targetPath);
            throw;
        }

        Remove(aside);
    }

    public void Dispose() => Remove(StagingPath);

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else if (File.Exists(path))
            File.Delete(path);
    }
}
