namespace PsGpt.Formats;

/// <summary>The files of a directory.</summary>
internal sealed class DirectorySource(string path) : IFileSource
{
    public string Describe(string name) => Path.Combine(path, name);

    public bool Has(string name) => File.Exists(Path.Combine(path, name));

    public IEnumerable<string> Names => Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    public ByteSource Open(string name) => new FileBytes(Path.Combine(path, name));
}
