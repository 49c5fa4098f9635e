namespace PsGpt.Checkpoints;

/// <summary>Says in a user's words why a checkpoint could not be written.</summary>
internal static class DiskFailure
{
    // errno of Linux and macOS; the error codes of Windows.
    private const int NoSpaceLeft = 28;
    private const int LinuxQuotaExceeded = 122;
    private const int MacQuotaExceeded = 69;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <param name="exception">What the system said.</param>
    /// <param name="path">The checkpoint.</param>
    /// <param name="kept">What is left, as a sentence.</param>
    public static GptException Describe(Exception exception, string path, string kept) => IsDiskFull(exception)
        ? new("DiskFull", GptErrorKind.WriteFailed, $"The disk '{DiskOf(path)}' is full: '{path}' could not be written. {kept} Make room, then go on with -Resume.", exception)
        : new("WriteFailed", GptErrorKind.WriteFailed, $"'{path}' could not be written: {exception.Message.TrimEnd('.')}. {kept}", exception);

    private static bool IsDiskFull(Exception exception) => exception is IOException && (OperatingSystem.IsWindows()
        ? exception.HResult is WindowsHandleDiskFull or WindowsDiskFull
        : exception.HResult == NoSpaceLeft || exception.HResult == (OperatingSystem.IsMacOS() ? MacQuotaExceeded : LinuxQuotaExceeded));

    /// <summary>The root of the disk that a path is on: the longest of those that it begins with.</summary>
    private static string DiskOf(string path) =>
        DriveInfo.GetDrives().Select(drive => drive.Name).Where(root => IsWithin(path, root)).MaxBy(root => root.Length) ?? Path.GetPathRoot(path)!;

    private static bool IsWithin(string path, string root) => path == root || path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
