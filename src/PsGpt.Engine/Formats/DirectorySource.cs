namespace PsGpt.Formats;

/// <summary>The files of a directory.</summary>
internal sealed class DirectorySource(string path) : IFileSource
{
    public string Describe(string name) => Path.Combine(path, name);

    public bool Has(string name) => File.Exists(Path.Combine(path, name));

    public Stream Open(string name, out long length)
    {
        var file = new FileStream(Path.Combine(path, name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        length = file.Length;
        return file;
    }
}
