namespace PsGpt.Unit.Formats;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("psgpt-");

    public string this[string name] => Path.Combine(folder.FullName, name);

    public IEnumerable<string> Names => folder.EnumerateFileSystemInfos().Select(info => info.Name);

    /// <summary>Writes a file anew. The old one goes first: the system may be writing it to the disk, and would be waited for.</summary>
    public static void Replace(string path, byte[] content)
    {
        File.Delete(path);
        File.WriteAllBytes(path, content);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
