namespace PsGpt.Formats;

/// <summary>The small files beside the weights, such as <c>config.json</c>: read and written whole.</summary>
internal static class SideFile
{
    // The largest tokenizers have 20 MB; what is far beyond is no such file and must not fill the memory.
    private const long MostBytes = 64L << 20;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a file, without the mark that some editors put in front of UTF-8.</summary>
    /// <exception cref="GptException"><c>ModelFileMissing</c>, <c>FileTooLarge</c>.</exception>
    public static byte[] Read(IFileSource files, string name)
    {
        using var source = Open(files, name);
        if (source.Length > MostBytes)
        {
            throw new GptException("FileTooLarge", GptErrorKind.LimitExceeded,
                $"'{files.Describe(name)}' has {source.Length:N0} bytes; a file of that name never needs more than {MostBytes:N0}. "
                + "Get it again from where it came from.");
        }

        var bytes = new byte[source.Length];
        source.Read(0, bytes);
        return bytes.AsSpan().StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;
    }

    /// <summary>Reads a tokenizer's file by its path; none has more than a file beside a model may have.</summary>
    /// <exception cref="GptException"><c>PathNotFound</c>, <c>FileTooLarge</c>.</exception>
    public static byte[] ReadTokenizer(string path)
    {
        if (!File.Exists(path))
            throw new GptException("PathNotFound", GptErrorKind.NotFound, $"There is no file '{path}'. Give the path of a tokenizer.");
        var full = Path.GetFullPath(path);
        return Read(new DirectorySource(Path.GetDirectoryName(full)!), Path.GetFileName(full));
    }

    /// <summary>The same for the start of a file.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> start) =>
        start.StartsWith(ByteOrderMark) ? start[ByteOrderMark.Length..] : start;

    /// <summary>Opens a file that the directory cannot do without.</summary>
    /// <exception cref="GptException"><c>ModelFileMissing</c>.</exception>
    public static ByteSource Open(IFileSource files, string name) =>
        files.Has(name) ? files.Open(name) : throw new GptException("ModelFileMissing", GptErrorKind.NotFound,
            $"There is no '{files.Describe(name)}'. A Hugging Face directory needs config.json and model.safetensors; "
            + "pickles such as pytorch_model.bin are not read, since they can run code.");

    /// <summary>Writes a file.</summary>
    public static void Write(IFileTarget target, string name, byte[] content) => target.Write(name, file => file.Write(content));
}
