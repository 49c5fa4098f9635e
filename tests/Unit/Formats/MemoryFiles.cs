using PsGpt.Formats;

namespace PsGpt.Unit.Formats;

/// <summary>The files of a directory that is in memory only.</summary>
internal sealed class MemoryFiles : IFileSource, IFileTarget
{
    private readonly Dictionary<string, byte[]> files = [];

    public byte[] this[string name]
    {
        get => files[name];
        set => files[name] = value;
    }

    public string Describe(string name) => name;

    public bool Has(string name) => files.ContainsKey(name);

    public IEnumerable<string> Names => files.Keys;

    public ByteSource Open(string name) => new MemoryBytes(files[name]);

    public void Write(string name, Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        files.Add(name, stream.ToArray());
    }

    public void Remove(string name) => files.Remove(name);
}
