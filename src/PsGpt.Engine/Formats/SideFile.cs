using System.Text;

namespace PsGpt.Formats;

/// <summary>The small files beside the weights, such as <c>config.json</c>: read and written whole.</summary>
internal static class SideFile
{
    // The largest tokenizers have 20 MB; what is far beyond is no such file and must not fill the memory.
    private const long MostBytes = 64L << 20;

    /// <summary>Reads a file as UTF-8 without a mark, also where an editor or a shell wrote UTF-16.</summary>
    /// <exception cref="GptException"><c>ModelFileMissing</c>, <c>FileEmpty</c>, <c>FileTooLarge</c>.</exception>
    public static byte[] Read(IFileSource files, string name)
    {
        using var source = Open(files, name);
        if (source.Length == 0)
        {
            throw new GptException("FileEmpty", GptErrorKind.InvalidData,
                $"The file '{files.Describe(name)}' is empty. Get it again from where it came from.");
        }

        if (source.Length > MostBytes)
        {
            throw new GptException("FileTooLarge", GptErrorKind.LimitExceeded,
                $"'{files.Describe(name)}' has {source.Length:N0} bytes; a file of that name never needs more than {MostBytes:N0}. "
                + "Get it again from where it came from.");
        }

        var bytes = new byte[source.Length];
        source.Read(0, bytes);
        return WithoutMark(bytes).ToArray();
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
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> start) => start switch
    {
        [0xEF, 0xBB, 0xBF, .. var rest] => rest,
        [0xFF, 0xFE, .. var rest] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(rest)),
        [0xFE, 0xFF, .. var rest] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(rest)),
        _ => start,
    };

    /// <summary>Opens a file that the directory cannot do without.</summary>
    /// <exception cref="GptException"><c>ModelFileMissing</c>.</exception>
    public static ByteSource Open(IFileSource files, string name) =>
        files.Has(name) ? files.Open(name) : throw new GptException("ModelFileMissing", GptErrorKind.NotFound,
            $"There is no '{files.Describe(name)}'.{ForeignContent.DescribeOthers(files.Names)} "
            + "A Hugging Face directory needs config.json and model.safetensors.");

    /// <summary>Writes a file.</summary>
    public static void Write(IFileTarget target, string name, byte[] content) => Write(target, name, () => content);

    /// <summary>Writes a file; its content is made only where it is written, and not where only names are asked for.</summary>
    public static void Write(IFileTarget target, string name, Func<byte[]> content) => target.Write(name, file => file.Write(content()));
}
