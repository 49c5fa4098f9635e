namespace PsGpt.Hub;

/// <summary>
/// A file that one process at a time holds open. The system frees it with the process, however that ends. On Unix it is the same
/// lock that Python's filelock takes, so that huggingface_hub and this engine wait for each other.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until the lock is free and takes it; disposing what it returns gives it back.</summary>
    /// <param name="whileWaiting">Called again and again as long as another holds it.</param>
    public static IDisposable Acquire(string path, TimeProvider clock, Action whileWaiting, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException exception) when (IsHeld(exception))
            {
                whileWaiting();
                Task.Delay(Pause, clock, cancellationToken).GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>ERROR_SHARING_VIOLATION, or EWOULDBLOCK of Linux and of macOS.</summary>
    private static bool IsHeld(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult == unchecked((int)0x80070020)
        : exception.HResult is 11 or 35;
}
