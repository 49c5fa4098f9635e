using System.Text.Json;

namespace PsGpt.Hub;

/// <summary>The files of one commit in the cache: links to blobs, or files of their own where there are no links.</summary>
internal sealed class CachedSnapshot
{
    private const long LongestConfiguration = 1 << 20;

    private readonly HashSet<string> blobs = new(StringComparer.Ordinal);

    /// <param name="folder">The folder of the commit.</param>
    /// <param name="blobFolder">The folder of the contents. Links to any other place are not followed.</param>
    public CachedSnapshot(DirectoryInfo folder, string blobFolder)
    {
        (Folder, LastUsed) = (folder.FullName, folder.LastWriteTime);
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8, AttributesToSkip = 0 };
        foreach (var file in folder.EnumerateFiles("*", options))
        {
            var content = file.LinkTarget is { } target ? new FileInfo(Path.Combine(blobFolder, Path.GetFileName(target))) : file;
            if (!content.Exists)
                continue;
            LastUsed = Latest(LastUsed, Latest(content.LastAccessTime, content.LastWriteTime));
            if (content == file)
                OwnBytes += file.Length;
            else
                blobs.Add(content.Name);
        }
    }

    public string Folder { get; }

    public string Commit => Path.GetFileName(Folder);

    /// <summary>The names of the blobs that are there.</summary>
    public IReadOnlySet<string> Blobs => blobs;

    /// <summary>The bytes of files that are no links.</summary>
    public long OwnBytes { get; }

    public DateTime LastUsed { get; }

    public bool HasWeights => Directory.EnumerateFiles(Folder, "model*.safetensors").Any();

    public bool IsGpt2
    {
        get
        {
            try
            {
                using var file = File.OpenRead(Path.Combine(Folder, "config.json"));
                if (file.Length > LongestConfiguration)
                    return false;
                using var document = JsonDocument.Parse(file);
                return document.RootElement.GetProperty("model_type").ValueEquals("gpt2");
            }
            catch (Exception exception) when (
                exception is IOException or UnauthorizedAccessException or JsonException
                or InvalidOperationException or KeyNotFoundException)
            {
                return false;
            }
        }
    }

    private static DateTime Latest(DateTime left, DateTime right) => left > right ? left : right;
}
