namespace PsGpt.Formats;

/// <summary>A directory that files are written to.</summary>
internal sealed class DirectoryTarget(string path) : IFileTarget
{
    public void Write(string name, Action<Stream> write)
    {
        using var file = new FileStream(Path.Combine(path, name), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        write(file);
        file.Flush(flushToDisk: true);
    }
}
