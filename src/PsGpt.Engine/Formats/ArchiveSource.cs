using System.IO.Compression;

namespace PsGpt.Formats;

/// <summary>The files of a zip archive, which are small: each is unpacked into memory.</summary>
internal sealed class ArchiveSource(ZipArchive archive, string archiveName) : IFileSource
{
    public string Describe(string name) => $"{archiveName}/{name}";

    public bool Has(string name) => archive.GetEntry(name) is not null;

    public IEnumerable<string> Names => archive.Entries.Select(entry => entry.FullName);

    public ByteSource Open(string name)
    {
        var entry = archive.GetEntry(name) ?? throw new FileNotFoundException(Describe(name));
        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return new MemoryBytes(bytes);
    }
}
