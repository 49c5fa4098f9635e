using System.Runtime.InteropServices;

namespace PsGpt.Checkpoints;

/// <summary>The disk of the machine.</summary>
internal sealed partial class SystemDisk : ICheckpointDisk
{
    public void CreateDirectory(string path)
    {
        var parent = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(parent))
            throw new DirectoryNotFoundException($"There is no directory '{parent}'.");
        Directory.CreateDirectory(path);
        FlushDirectory(parent);
    }

    public void Write(string path, Action<Stream> write)
    {
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            write(file);
            file.Flush(flushToDisk: true);
        }

        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    public void Rename(string path, string newPath)
    {
        if (Directory.Exists(path))
            Directory.Move(path, newPath);
        else
            File.Move(path, newPath, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(newPath)!);
    }

    public void Delete(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }

    /// <summary>
    /// On Unix a new name is safe only when the directory is on the disk too, which .NET cannot request. On Windows the journal of the file
    /// system does it. A file system that cannot flush a directory is left alone.
    /// </summary>
    private static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(path, flags: 0);
        if (descriptor < 0)
            return;
        _ = Synchronize(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
