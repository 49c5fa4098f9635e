using System.Runtime.InteropServices;
using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.Formats.TokenFiles;

/// <summary>
/// The token ids of a file of any length. They are read when they are needed, and the system's page cache keeps those that are
/// needed often. The file is read rather than mapped: a mapped file that somebody cuts short takes the process down.
/// </summary>
public sealed class TokenFile : ITokenSource, IDisposable
{
    private readonly ByteSource bytes;
    private readonly string path;
    private readonly Tokenizer? tokenizer;
    private readonly int tokenSize;
    private readonly long start;
    private readonly uint vocabularySize;

    private TokenFile(ByteSource bytes, string path, TokenFileFormat? format, Tokenizer? tokenizer)
    {
        var head = new byte[Math.Min(bytes.Length, LlmcTokenHeader.Length)];
        bytes.Read(0, head);
        (this.bytes, this.path, this.tokenizer) = (bytes, path, tokenizer);
        vocabularySize = (uint)(tokenizer?.VocabularySize ?? int.MaxValue);
        Format = format ?? Detect(bytes, head, path, tokenizer?.VocabularySize);
        if (Format == TokenFileFormat.Llmc)
        {
            var header = LlmcTokenHeader.Parse(head, bytes.Length, path);
            (tokenSize, start, Count) = (header.TokenSize, LlmcTokenHeader.Length, header.Count);
            return;
        }

        if (Format == TokenFileFormat.Numpy)
        {
            var header = NumpyTokenHeader.Read(bytes, path);
            (tokenSize, start, Count) = (header.TokenSize, header.DataStart, header.Count);
            return;
        }

        RequireRaw(head);
        tokenSize = Format.TokenSize!.Value;
        Count = bytes.Length / tokenSize;
    }

    /// <summary>How the file is laid out.</summary>
    public TokenFileFormat Format { get; }

    /// <inheritdoc/>
    public long Count { get; }

    /// <inheritdoc/>
    public string? TokenizerName => tokenizer?.Name;

    /// <inheritdoc/>
    public Tokenizer? GetTokenizer() => tokenizer;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="formatName">
    /// A name from <see cref="TokenFileFormat.Registry"/>; null detects it: a header by its first bytes, raw ids by the vocabulary.
    /// </param>
    /// <param name="tokenizer">
    /// The tokenizer that made the ids, or null where it is not known. Ids outside its vocabulary are refused.
    /// </param>
    /// <exception cref="GptException">
    /// <c>PathNotFound</c>, <c>FileEmpty</c>, <c>PluginNotFound</c>, <c>TokenFormatUnknown</c>, <c>TokenFormatMismatch</c>,
    /// <c>TokenFileWrongMagic</c>, <c>TokenFileVersionUnknown</c>, <c>TokenHeaderInvalid</c>, <c>TokenFileTruncated</c>, <c>ReadFailed</c>.
    /// </exception>
    public static TokenFile Open(string path, string? formatName = null, Tokenizer? tokenizer = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new GptException("PathNotFound", GptErrorKind.NotFound,
                $"'{path}' is a directory and no file of tokens. Give the files in it.");
        }

        try
        {
            return Open(new FileBytes(path), path, formatName, tokenizer);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new GptException("PathNotFound", GptErrorKind.NotFound, $"There is no file '{path}'. Check the spelling.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ReadFailed(path, exception);
        }
    }

    /// <summary>Opens a file, wherever its bytes are; they are owned by what is returned.</summary>
    internal static TokenFile Open(ByteSource bytes, string path, string? formatName, Tokenizer? tokenizer)
    {
        try
        {
            if (bytes.Length == 0)
                throw new GptException("FileEmpty", GptErrorKind.InvalidData, $"The file '{path}' is empty. Get it again from its source.");
            return new TokenFile(bytes, path, formatName is null ? null : TokenFileFormat.Registry.Get(formatName), tokenizer);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="GptException">
    /// <c>TokenOutsideVocabulary</c>, <c>TokenFileTruncated</c>: the file has shrunk; <c>ReadFailed</c>.
    /// </exception>
    public void CopyTo(long start, Span<int> destination)
    {
        TokenSlice.Require(this, start, destination.Length);
        var target = MemoryMarshal.AsBytes(destination);
        try
        {
            bytes.Read(this.start + (start * tokenSize), target[(target.Length - (destination.Length * tokenSize))..]);
        }
        catch (EndOfStreamException exception)
        {
            throw new GptException("TokenFileTruncated", GptErrorKind.InvalidData,
                $"'{path}' has become shorter since it was opened. Leave it alone while it is in use, and get it again from its " +
                "source.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ReadFailed(path, exception);
        }

        if (tokenSize == 2)
            Widen(destination);
        var wrong = IndexOutside(destination);
        if (wrong >= 0)
        {
            throw new GptException("TokenOutsideVocabulary", GptErrorKind.InvalidData,
                $"The id {(uint)destination[wrong]} at place {start + wrong} of '{path}' is outside the vocabulary of " +
                $"{vocabularySize} tokens. Give the tokenizer and the format that the file was made with.");
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => bytes.Dispose();

    /// <inheritdoc/>
    public override string ToString() => path;

    /// <summary>
    /// The 16-bit ids lie in the second half of the memory: spread from the front, none is written over before it is read.
    /// </summary>
    private static void Widen(Span<int> ids)
    {
        var narrow = MemoryMarshal.Cast<int, ushort>(ids)[ids.Length..];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = narrow[i];
    }

    private static TokenFileFormat Detect(ByteSource bytes, byte[] head, string path, int? vocabularySize)
    {
        if (LlmcTokenHeader.HasMagic(head))
            return TokenFileFormat.Llmc;
        if (NumpyTokenHeader.HasMagic(head))
            return TokenFileFormat.Numpy;
        var problem = vocabularySize is { } V
            ? FormattableString.Invariant($"and the vocabulary of {V:N0} tokens does not show the layout of ids without a header")
            : "and only the vocabulary shows the layout of ids without a header: give the tokenizer";
        var layout = vocabularySize is null ? null : RawTokenLayout.Find(bytes, vocabularySize.Value);
        return layout ?? throw new GptException("TokenFormatUnknown", GptErrorKind.InvalidData,
            BinarySignature.NameOf(head) is { } foreign
                ? $"'{path}' begins as {foreign} does, and not as token ids. If it holds ids all the same, name the format: nanogpt for "
                    + "raw uint16, int32 for raw int32."
                : $"'{path}' does not begin as a token file of llm.c, {problem}. If it holds tokens, name the format: nanogpt for raw "
                    + "uint16, int32 for raw int32. Texts must be tokenized first, and pickles such as meta.pkl are not read, since they "
                    + "can run code.");
    }

    private static GptException ReadFailed(string path, Exception exception) => new(
        "ReadFailed", GptErrorKind.ReadFailed,
            $"'{path}' cannot be read: {exception.Message} See whether you may read it, and whether the disk is whole.", exception);

    private int IndexOutside(ReadOnlySpan<int> ids)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= vocabularySize)
                return i;
        }

        return -1;
    }

    /// <summary>A header that is read as ids, or ids of another size, would be trained on as if they were a text.</summary>
    private void RequireRaw(byte[] head)
    {
        if (LlmcTokenHeader.HasMagic(head) || NumpyTokenHeader.HasMagic(head))
        {
            throw new GptException("TokenFormatMismatch", GptErrorKind.InvalidArgument,
                $"'{path}' is a token file of llm.c or NumPy with a header, not raw ids. Leave the format out.");
        }

        if (bytes.Length % Format.TokenSize!.Value != 0)
        {
            throw new GptException("TokenFileTruncated", GptErrorKind.InvalidData,
                $"'{path}' has {bytes.Length} bytes, which is no whole number of ids of {Format.TokenSize} bytes. Check the " +
                "format, or get the file again from its source.");
        }
    }
}
