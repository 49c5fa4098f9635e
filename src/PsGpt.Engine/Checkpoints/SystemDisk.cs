using System.Runtime.InteropServices;

namespace PsGpt.Checkpoints;

/// <summary>The disk of the machine.</summary>
internal sealed partial class SystemDisk : ICheckpointDisk
{
    public void CreateDirectory(string path)
    {
        Directory.CreateDirectory(path);
        FlushDirectory(Path.GetDirectoryName(path)!);
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
    /// Where a directory is a file of names, a new name is only safe once that file is on the disk too; .NET cannot say so. On
    /// Windows the journal of the file system does it. A file system that cannot is left in peace.
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
