namespace PsGpt.Checkpoints;

/// <summary>Says in a user's words why a checkpoint could not be written or read.</summary>
internal static class DiskFailure
{
    // errno of Linux and macOS; the error codes of Windows.
    private const int NoEntry = 2;
    private const int NoPermission = 13;
    private const int NotPermitted = 1;
    private const int TooManyFilesOfSystem = 23;
    private const int TooManyFiles = 24;
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int LinuxQuotaExceeded = 122;
    private const int MacQuotaExceeded = 69;
    private const int WindowsTooManyFiles = unchecked((int)0x80070004);
    private const int WindowsWriteProtected = unchecked((int)0x80070013);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Describes a failure to write.</summary>
    /// <param name="exception">The system's error.</param>
    /// <param name="path">The checkpoint, or the directory of the run.</param>
    /// <param name="kept">A sentence about what is left, or about what to do.</param>
    public static GptException Describe(Exception exception, string path, string kept) => IsDiskFull(exception)
        ? new("DiskFull", GptErrorKind.WriteFailed,
            $"The disk '{DiskOf(path)}' is full: '{path}' could not be written. {kept} Make room, then resume the run.", exception)
        : new("WriteFailed", GptErrorKind.WriteFailed, $"'{path}' could not be written: {ReasonOf(exception, path)}. {kept}", exception);

    /// <summary>Reads from a checkpoint that was whole when it was opened.</summary>
    /// <exception cref="GptException"><c>ReadFailed</c>, and those of <paramref name="read"/>.</exception>
    public static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("ReadFailed", GptErrorKind.ReadFailed,
                $"The checkpoint '{path}' cannot be read: {exception.Message.TrimEnd('.')}. Check the disk and your permissions.",
                exception);
        }
    }

    /// <summary>Whether the process has no handles or no memory left, which says nothing about the files that it wanted to read.</summary>
    public static bool IsOfProcess(Exception exception) => exception is OutOfMemoryException || IsLackOfHandles(exception);

    private static string ReasonOf(Exception exception, string path)
    {
        if (IsLackOfHandles(exception))
            return "too many files are open. Close some, or raise the limit (ulimit -n)";
        if (exception is OutOfMemoryException)
            return "there is no memory for it, or no thread";
        if (IsReadOnly(exception))
            return "you may not write there, or the disk is read-only";
        if (File.Exists(path) || File.Exists(Path.GetDirectoryName(path)))
            return "there is a file of that name";
        return exception is DirectoryNotFoundException or FileNotFoundException || exception.HResult == NoEntry
            ? "its directory was removed or renamed meanwhile"
            : exception.Message.TrimEnd('.');
    }

    private static bool IsLackOfHandles(Exception exception) => exception is IOException && (OperatingSystem.IsWindows()
        ? exception.HResult == WindowsTooManyFiles
        : exception.HResult is TooManyFiles or TooManyFilesOfSystem);

    private static bool IsReadOnly(Exception exception) => exception is UnauthorizedAccessException || (OperatingSystem.IsWindows()
        ? exception.HResult == WindowsWriteProtected
        : exception.HResult is ReadOnlyFileSystem or NoPermission or NotPermitted);

    private static bool IsDiskFull(Exception exception) => exception is IOException && (OperatingSystem.IsWindows()
        ? exception.HResult is WindowsHandleDiskFull or WindowsDiskFull
        : exception.HResult == NoSpaceLeft || exception.HResult == (OperatingSystem.IsMacOS() ? MacQuotaExceeded : LinuxQuotaExceeded));

    /// <summary>The root of the disk that holds a path, behind all links.</summary>
    private static string DiskOf(string path)
    {
        var real = WithoutLinks(path);
        return DriveInfo.GetDrives().Select(drive => drive.Name).Where(root => IsWithin(real, root)).MaxBy(root => root.Length)
            ?? Path.GetPathRoot(real)!;
    }

    private static string WithoutLinks(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
            return path;
        var real = Path.Combine(WithoutLinks(parent), Path.GetFileName(path));
        var directory = new DirectoryInfo(real);
        return directory.LinkTarget is null ? real : WithoutLinks(directory.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
    }

    private static bool IsWithin(string path, string root) => path == root ||
        path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
