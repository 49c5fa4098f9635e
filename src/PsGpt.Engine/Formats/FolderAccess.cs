using System.Runtime.InteropServices;

namespace PsGpt.Formats;

/// <summary>Asks the system whether something may be written at a path, and writes nothing to find out.</summary>
public static partial class FolderAccess
{
    // W_OK and X_OK of access(2): names may be changed in the folder, and it may be entered.
    private const int WriteAndEnter = 2 | 1;

    /// <summary>The error for a path in a folder that is not there or may not be written; null where nothing speaks against it.</summary>
    /// <param name="path">The file or directory to make.</param>
    /// <param name="makesFolders">Whether folders that are missing on the way are made too.</param>
    /// <remarks>Windows tells who may write only when something is written: there only missing folders are seen.</remarks>
    public static GptException? FindRefusal(string path, bool makesFolders = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        if (!makesFolders && folder is not null && !Path.Exists(folder))
            return Refusal(path, $"there is no folder '{folder}'. Make it, or choose another place");
        while (folder is not null && !Path.Exists(folder))
            folder = Path.GetDirectoryName(folder);
        if (folder is null)
            return null;
        if (!Directory.Exists(folder))
            return Refusal(path, $"'{folder}' is a file. Choose another place");
        return OperatingSystem.IsWindows() || Access(folder, WriteAndEnter) == 0 ? null
            : Refusal(path, $"you may not write in '{folder}'. Choose another place");
    }

    private static GptException Refusal(string path, string reason) =>
        new("WriteFailed", GptErrorKind.WriteFailed, $"'{path}' cannot be written: {reason}.");

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
