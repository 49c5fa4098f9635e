using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PsGpt.Checkpoints;

/// <summary>
/// Reserves a directory for one holder; the system frees it with the process, however that ends. On Unix it is a lock on the directory
/// itself, which leaves nothing behind. On Windows, and on file systems that cannot lock a directory, it is a file that is removed when
/// it is closed.
/// </summary>
internal static partial class DirectoryLock
{
    private const string FileName = ".lock";
    private const int ExclusiveWithoutWaiting = 2 | 4;
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int Interrupted = 4;
    private const int LinuxCloseOnExecute = 0x80000;
    private const int MacCloseOnExecute = 0x1000000;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>Takes the lock; disposing it gives it back.</summary>
    /// <returns>Null if another holds it.</returns>
    /// <exception cref="IOException">The directory cannot be opened.</exception>
    public static IDisposable? TryTake(string path)
    {
        if (OperatingSystem.IsWindows())
            return TryTakeFile(path);

        // Without this flag, a program that the process starts would hold the lock as long as it runs.
        var descriptor = Open(path, OperatingSystem.IsMacOS() ? MacCloseOnExecute : LinuxCloseOnExecute);
        if (descriptor < 0)
            throw Failure();
        var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        while (Lock(descriptor, ExclusiveWithoutWaiting) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == Interrupted)
                continue;
            directory.Dispose();
            return error is LinuxWouldBlock or MacWouldBlock ? null : TryTakeFile(path);
        }

        return directory;
    }

    private static FileStream? TryTakeFile(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, FileName), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
                Options = FileOptions.DeleteOnClose,
            });
        }
        catch (IOException exception) when (exception.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock)
        {
            return null;
        }
    }

    private static IOException Failure()
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(int descriptor, int operation);
}
