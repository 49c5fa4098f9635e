using System.Runtime.InteropServices;

namespace PsGpt.Formats;

/// <summary>Asks the system whether something may be written at a path, and writes nothing to find out.</summary>
public static partial class FolderAccess
{
    // W_OK and X_OK of access(2): names may be changed in the folder, and it may be entered.
    private const int WriteAndEnter = 2 | 1;

    /// <summary>The error for a path in a folder that may not be written; null where nothing speaks against it.</summary>
    /// <param name="path">The file or directory to make. Of folders that are not there yet, the one that is there counts.</param>
    /// <remarks>Windows tells it only when something is written: there the answer is always null.</remarks>
    public static GptException? FindRefusal(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (OperatingSystem.IsWindows())
            return null;
        var folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        while (folder is not null && !Directory.Exists(folder) && !File.Exists(folder))
            folder = Path.GetDirectoryName(folder);
        if (folder is null || (Directory.Exists(folder) && Access(folder, WriteAndEnter) == 0))
            return null;
        var reason = Directory.Exists(folder) ? $"you may not write in '{folder}'" : $"'{folder}' is a file";
        return new GptException("WriteFailed", GptErrorKind.WriteFailed, $"'{path}' cannot be written: {reason}. Choose another place.");
    }

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
