namespace PsGpt.Formats;

/// <summary>An open safetensors file.</summary>
/// <param name="path">What error messages call it.</param>
/// <param name="stream">The content from its start; owned by this object.</param>
/// <param name="length">The length of the content.</param>
/// <exception cref="GptException"><c>SafetensorsInvalid</c>, <c>ModelFileTruncated</c>, <c>ModelFileOversized</c>.</exception>
internal sealed class SafetensorsFile(string path, Stream stream, long length) : IDisposable
{
    private long position;

    /// <summary>What error messages call the file.</summary>
    public string Path { get; } = path;

    /// <summary>Its tensors, in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; } = SafetensorsHeader.Read(stream, length, path);

    /// <summary>The stream at the bytes of a tensor; the caller reads all of them. Tensors are taken in their order, since an archive cannot go back.</summary>
    public Stream MoveTo(SafetensorsEntry entry)
    {
        Skip(entry.Begin - position);
        position = entry.End;
        return stream;
    }

    public void Dispose() => stream.Dispose();

    private void Skip(long count)
    {
        if (stream.CanSeek)
        {
            stream.Seek(count, SeekOrigin.Current);
            return;
        }

        var buffer = new byte[Math.Min(count, 1 << 16)];
        for (; count > 0; count -= Math.Min(count, buffer.Length))
            stream.ReadExactly(buffer.AsSpan(0, (int)Math.Min(count, buffer.Length)));
    }
}
