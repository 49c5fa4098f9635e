using System.IO.Compression;

namespace PsGpt.Formats;

/// <summary>The files of a zip archive.</summary>
internal sealed class ArchiveSource(ZipArchive archive, string archiveName) : IFileSource
{
    public string Describe(string name) => $"{archiveName}/{name}";

    public bool Has(string name) => archive.GetEntry(name) is not null;

    public Stream Open(string name, out long length)
    {
        var entry = archive.GetEntry(name) ?? throw new FileNotFoundException(Describe(name));
        length = entry.Length;
        return entry.Open();
    }
}
