namespace PsGpt.Formats;

/// <summary>
/// A file or directory that is written beside its target under a name of its own. Committing renames it into place; disposing
/// without removes what there is, so that nothing half-written is left.
/// </summary>
internal sealed class AtomicWrite : IDisposable
{
    private const string TemporaryEnding = ".partial";
    private const string BackupEnding = ".old";

    private readonly string targetPath;

    /// <exception cref="GptException"><c>TargetIsDevice</c>.</exception>
    public AtomicWrite(string path)
    {
        targetPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (FindDevice(targetPath) is { } device)
            throw device;
        TemporaryPath = $"{targetPath}.{Guid.NewGuid():N}{TemporaryEnding}";
    }

    /// <summary>
    /// What stood at a path before it was replaced by a process that was killed between the two renames that a directory takes; null
    /// where nothing is missing, or where it cannot be told what is.
    /// </summary>
    public static string? FindBackup(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var parent = Path.GetDirectoryName(path);
        if (Path.Exists(path) || !Directory.Exists(parent))
            return null;
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0 };
        var backups = Directory.EnumerateFileSystemEntries(parent, "*", options)
            .Where(entry => IsBackupOf(Path.GetFileName(path), Path.GetFileName(entry))).Take(2).ToArray();
        return backups.Length == 1 ? backups[0] : null;
    }

    /// <summary>
    /// The error for a target that exists and must not be replaced, is a device, or is in a folder that may not be written; null if the
    /// path is free.
    /// </summary>
    /// <param name="path">The file or directory to make.</param>
    /// <param name="overwrite">Whether what is there may be replaced.</param>
    /// <param name="makesFolders">Whether folders that are missing on the way are made too.</param>
    public static GptException? FindObstacle(string path, bool overwrite, bool makesFolders = false)
    {
        if (overwrite || !Path.Exists(path))
            return FindDevice(Path.GetFullPath(path)) ?? FolderAccess.FindRefusal(path, makesFolders);
        return new GptException("TargetExists", GptErrorKind.AlreadyExists,
            $"'{path}' exists already. Choose another path, or allow it to be replaced.");
    }

    /// <summary>The error of <see cref="FindObstacle"/> for a target that becomes a single file: no directory is replaced by one.</summary>
    public static GptException? FindFileObstacle(string path, bool overwrite) => Directory.Exists(path)
        ? new GptException("TargetIsDirectory", GptErrorKind.AlreadyExists,
            $"'{path}' is a directory, where a single file is written. Give the path of a file, in it or elsewhere.")
        : FindObstacle(path, overwrite);

    /// <summary>
    /// The error for a directory with entries that would be lost; null if the new directory has a successor for each. A directory is
    /// replaced only then: it could be anybody's, with years of work in it.
    /// </summary>
    /// <param name="path">The directory, or a path where there is none.</param>
    /// <param name="isWritten">Whether a file of that name takes the place of one that is there.</param>
    public static GptException? FindLoss(string path, Func<string, bool> isWritten)
    {
        if (!Directory.Exists(path))
            return null;
        var lost = Directory.EnumerateFileSystemEntries(path).FirstOrDefault(
            entry => Directory.Exists(entry) || !isWritten(Path.GetFileName(entry)));
        return lost is null ? null : new GptException("TargetHoldsOtherFiles", GptErrorKind.AlreadyExists,
            $"'{path}' also holds '{Path.GetFileName(lost)}', which would be lost. Choose another path, or take it away first.");
    }

    /// <summary>Undoes a replacement that was cut off.</summary>
    public static void RestoreBackup(string path)
    {
        if (FindBackup(path) is { } backup)
            Directory.Move(backup, Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
    }

    /// <summary>Where to write.</summary>
    public string TemporaryPath { get; }

    /// <summary>Puts what was written in the place of the target.</summary>
    /// <exception cref="GptException"><c>TargetHoldsOtherFiles</c>: the target is a directory with what is not being written.</exception>
    public void Commit()
    {
        if (!Directory.Exists(targetPath) && !Directory.Exists(TemporaryPath))
        {
            File.Move(TemporaryPath, targetPath, overwrite: true);
            return;
        }

        // A directory cannot be renamed over another: the old one is renamed first, and renamed back if the new one cannot follow.
        if (FindLoss(targetPath, name => File.Exists(Path.Combine(TemporaryPath, name))) is { } loss)
            throw loss;
        var backup = TemporaryPath + BackupEnding;
        var hadOld = Path.Exists(targetPath);
        if (hadOld)
            Directory.Move(targetPath, backup);
        try
        {
            Directory.Move(TemporaryPath, targetPath);
        }
        catch when (hadOld)
        {
            Directory.Move(backup, targetPath);
            throw;
        }

        Remove(backup);
    }

    /// <summary>Renaming a file over /dev/null would take it from the whole machine.</summary>
    private static GptException? FindDevice(string path)
    {
        var isDevice = !OperatingSystem.IsWindows() && path.StartsWith("/dev/", StringComparison.Ordinal)
            && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
        return !isDevice ? null : new GptException("TargetIsDevice", GptErrorKind.InvalidArgument,
            $"'{path}' is a place of devices, which a file must not replace. Choose a path on a disk.");
    }

    public void Dispose() => Remove(TemporaryPath);

    private static bool IsBackupOf(string name, string entry) =>
        entry.StartsWith(name + ".", StringComparison.Ordinal) && entry.EndsWith(TemporaryEnding + BackupEnding, StringComparison.Ordinal)
        && entry.Length - name.Length - 1 - TemporaryEnding.Length - BackupEnding.Length is >= 0 and var length
        && Guid.TryParseExact(entry.AsSpan(name.Length + 1, length), "N", out _);

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else if (File.Exists(path))
            File.Delete(path);
    }
}
