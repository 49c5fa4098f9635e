using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>Reads and writes tokenizers, whatever their format.</summary>
public static class TokenizerFile
{
    /// <summary>Reads a tokenizer from a file, or from a directory of a model.</summary>
    /// <param name="path">The file or directory.</param>
    /// <param name="formatName">A name from <see cref="TokenizerFormatCatalog"/>; null tells it by the content.</param>
    /// <param name="preTokenizer">What cuts texts into pre-tokens, for files that do not say it; null takes what is usual for them.</param>
    /// <param name="warn">Is told what had to be assumed; may be null.</param>
    /// <exception cref="GptException">
    /// <c>PathNotFound</c>, <c>FileEmpty</c>, <c>FileTooLarge</c>, <c>FormatUnknown</c>, <c>PluginNotFound</c>, <c>ReadFailed</c>,
    /// <c>TokenizerFileInvalid</c>, <c>TokenizerUnsupported</c>, <c>TokenizerPartMissing</c>, <c>VocabularyInvalid</c>,
    /// <c>SplitMismatch</c>.
    /// </exception>
    public static Tokenizer Read(string path, string? formatName = null, IPreTokenizer? preTokenizer = null, Action<string>? warn = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Path.Exists(path))
            throw new GptException("PathNotFound", GptErrorKind.NotFound,
                $"There is no file or directory '{path}'. Give the path of a tokenizer.");
        if (File.Exists(path) && new FileInfo(path).Length == 0)
            throw new GptException("FileEmpty", GptErrorKind.InvalidData,
                $"The file '{path}' is empty. Get it again from where it came from.");
        try
        {
            var format = formatName is null ? Detect(path) : TokenizerFormatCatalog.Registry.Get(formatName);
            var tokenizer = format.Read(path, preTokenizer, warn ?? (_ => { }));
            RequireSplit(tokenizer, preTokenizer, path);
            return tokenizer;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("ReadFailed", GptErrorKind.ReadFailed,
                $"'{path}' cannot be read: {exception.Message} See whether you may read it, and whether the disk is whole.", exception);
        }
    }

    /// <summary>The error that <see cref="Write"/> would throw before it writes anything; null if nothing stands in its way.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="path">The file to make.</param>
    /// <param name="formatName">A name from <see cref="TokenizerFormatCatalog"/>.</param>
    /// <param name="overwrite">Whether to replace what is there.</param>
    /// <exception cref="GptException"><c>PluginNotFound</c>.</exception>
    public static GptException? FindObstacle(Tokenizer tokenizer, string path, string formatName, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var format = TokenizerFormatCatalog.Registry.Get(formatName);
        return AtomicWrite.FindFileObstacle(path, overwrite) ?? format.FindObstacle(tokenizer);
    }

    /// <summary>
    /// Writes a tokenizer beside the target and renames it when it is whole: a target is either the old one or the new one.
    /// </summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="path">The file to make.</param>
    /// <param name="formatName">A name from <see cref="TokenizerFormatCatalog"/>.</param>
    /// <param name="overwrite">Whether to replace what is there.</param>
    /// <exception cref="GptException">
    /// <c>TargetExists</c>, <c>TargetIsDirectory</c>, <c>TargetIsDevice</c>, <c>PluginNotFound</c>, <c>FormatCannotHold</c>,
    /// <c>WriteFailed</c>.
    /// </exception>
    public static void Write(Tokenizer tokenizer, string path, string formatName, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var format = TokenizerFormatCatalog.Registry.Get(formatName);
        if (FindObstacle(tokenizer, path, formatName, overwrite) is { } obstacle)
            throw obstacle;
        var content = format.Write(tokenizer);
        using var target = new AtomicWrite(path);
        try
        {
            var full = Path.GetFullPath(target.TemporaryPath);
            SideFile.Write(new DirectoryTarget(Path.GetDirectoryName(full)!), Path.GetFileName(full), content);
            target.Commit();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("WriteFailed", GptErrorKind.WriteFailed,
                $"'{path}' cannot be written: {exception.Message} See whether you may write there and whether there is room, or choose "
                + "another place.",
                exception);
        }
    }

    private static ITokenizerFormat Detect(string path) =>
        TokenizerFormatCatalog.Registry.All.FirstOrDefault(format => format.Recognizes(path)) ?? throw new GptException(
            "FormatUnknown", GptErrorKind.InvalidData,
            $"'{path}' is no tokenizer of a known format.{DescribeContent(path)} Known are: "
            + $"{string.Join("; ", TokenizerFormatCatalog.Registry.All.Select(format => $"{format.Name} ({format.Description})"))}.");

    private static string DescribeContent(string path)
    {
        if (Directory.Exists(path))
            return ForeignTokenizer.Describe(new DirectorySource(path).Names);
        var foreign = ForeignTokenizer.Describe([Path.GetFileName(path)]);
        return foreign.Length > 0 ? foreign : ForeignContent.Describe(path);
    }

    private static void RequireSplit(Tokenizer tokenizer, IPreTokenizer? preTokenizer, string path)
    {
        var actual = (tokenizer as BytePairTokenizer)?.PreTokenizer.Name ?? "characters";
        if (preTokenizer is not null && preTokenizer.Name != actual)
        {
            throw new GptException("SplitMismatch", GptErrorKind.InvalidArgument,
                $"'{path}' says itself how texts are split, as '{actual}', and not as '{preTokenizer.Name}'. Leave the pre-tokenizer out.");
        }
    }
}
