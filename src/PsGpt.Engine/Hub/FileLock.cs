namespace PsGpt.Hub;

/// <summary>
/// A file that one process at a time holds open. The system frees it with the process, however that ends. On Unix it is the lock that
/// Python's filelock takes, so that huggingface_hub and this engine wait for each other.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until the lock is free and takes it; disposing the result gives it back.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">Measures the pauses between attempts.</param>
    /// <param name="whileWaiting">Called after each attempt that fails.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public static IDisposable Acquire(string path, TimeProvider clock, Action whileWaiting, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } held)
                return held;
            whileWaiting();
            Task.Delay(Pause, clock, cancellationToken).GetAwaiter().GetResult();
        }
    }

    /// <summary>Takes the lock if it is free; null if another process holds it.</summary>
    public static IDisposable? TryAcquire(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
    }

    /// <summary>ERROR_SHARING_VIOLATION, or EWOULDBLOCK of Linux and of macOS.</summary>
    private static bool IsHeld(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult == unchecked((int)0x80070020)
        : exception.HResult is 11 or 35;
}
