namespace PsGpt.Formats;

/// <summary>The first bytes of a file, by which formats know their own.</summary>
internal static class FileStart
{
    /// <summary>At most that many bytes; none of what is no file.</summary>
    public static byte[] Read(string path, int length)
    {
        if (!File.Exists(path))
            return [];
        using var file = File.OpenRead(path);
        var bytes = new byte[length];
        return bytes[..file.ReadAtLeast(bytes, length, throwOnEndOfStream: false)];
    }
}
