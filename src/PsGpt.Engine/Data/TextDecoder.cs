using System.Globalization;
using System.Text;

namespace PsGpt.Data;

/// <summary>Turns the bytes of a text file into characters, block by block, and refuses bytes that are no text.</summary>
internal sealed class TextDecoder
{
    private readonly string path;
    private readonly Encoding encoding;
    private readonly Decoder decoder;
    private readonly bool takesNull;
    private char[] characters = [];
    private int markLength;
    private long offset;
    private long line = 1;

    private TextDecoder(string path, Encoding encoding, int markLength, bool takesNull)
    {
        (this.path, this.markLength, this.takesNull) = (path, markLength, takesNull);
        this.encoding = (Encoding)encoding.Clone();
        this.encoding.DecoderFallback = DecoderFallback.ExceptionFallback;
        decoder = this.encoding.GetDecoder();
    }

    /// <summary>Chooses the decoder of a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="head">The first bytes of the file.</param>
    /// <param name="given">The encoding of a file without a byte order mark; null for UTF-8.</param>
    /// <exception cref="GptException"><c>TextIsBinary</c>.</exception>
    public static TextDecoder Create(string path, ReadOnlySpan<byte> head, Encoding? given)
    {
        if (BinarySignature.NameOf(head) is { } name)
        {
            throw new GptException("TextIsBinary", GptErrorKind.InvalidData,
                $"'{path}' is not a text but {name}. Give a text file.");
        }

        var (marked, markLength) = ByteOrderMark(head);
        return new TextDecoder(path, marked ?? given ?? Encoding.UTF8, markLength, takesNull: given is not null);
    }

    /// <summary>Decodes the next block.</summary>
    /// <param name="block">The bytes that follow those of the last call; the first block begins with the byte order mark, if any.</param>
    /// <param name="isEnd">True for the last block.</param>
    /// <returns>The characters; valid until the next call.</returns>
    /// <exception cref="GptException"><c>TextEncodingInvalid</c>, <c>TextHasNull</c>.</exception>
    public ReadOnlyMemory<char> Decode(ReadOnlyMemory<byte> block, bool isEnd)
    {
        offset += markLength;
        var bytes = block.Span[markLength..];
        markLength = 0;
        if (characters.Length < encoding.GetMaxCharCount(bytes.Length))
            characters = new char[encoding.GetMaxCharCount(bytes.Length)];
        try
        {
            var count = decoder.GetChars(bytes, characters, isEnd);
            var text = characters.AsMemory(0, count);
            if (!takesNull && text.Span.IndexOf('\0') is >= 0 and var place)
                throw HasNull(bytes, text.Span[..place]);
            line += text.Span.Count('\n');
            offset += bytes.Length;
            return text;
        }
        catch (DecoderFallbackException exception)
        {
            throw Invalid(bytes, exception);
        }
    }

    private static (Encoding? Encoding, int Length) ByteOrderMark(ReadOnlySpan<byte> head) => head switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
        [0, 0, 0xFE, 0xFF, ..] => (new UTF32Encoding(bigEndian: true, byteOrderMark: true), 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => (null, 0),
    };

    private GptException Invalid(ReadOnlySpan<byte> bytes, DecoderFallbackException exception)
    {
        // The bytes may have begun in the block before. .NET says so with a negative index; for a high surrogate it gives what follows it.
        var unknown = exception.BytesUnknown ?? [];
        var index = exception.Index;
        if (index >= 0 && !bytes[Math.Min(index, bytes.Length)..].StartsWith(unknown))
            index -= unknown.Length;
        var lines = index > 0 ? encoding.GetString(bytes[..index]).Count(character => character == '\n') : 0;
        var values = string.Join(' ', unknown.Select(value => value.ToString("X2", CultureInfo.InvariantCulture)));
        return new GptException("TextEncodingInvalid", GptErrorKind.InvalidData,
            $"'{path}' is not valid {encoding.WebName}: {values} at byte {offset + index} (line {line + lines}) is no character. " +
            $"Name the encoding of the file, such as 1252 for Windows{RawIdsHint()}.", exception);
    }

    private GptException HasNull(ReadOnlySpan<byte> bytes, ReadOnlySpan<char> before)
    {
        var index = encoding.CodePage == Encoding.UTF8.CodePage ? bytes.IndexOf((byte)0) : encoding.GetByteCount(before);
        return new GptException("TextHasNull", GptErrorKind.InvalidData,
            $"'{path}' has a NUL character at byte {offset + index} (line {line + before.Count('\n')}), which texts do not have. " +
            $"Name the encoding of the file, such as unicode for UTF-16 without a mark{RawIdsHint()}.");
    }

    private string RawIdsHint() => Path.GetExtension(path).Equals(".bin", StringComparison.OrdinalIgnoreCase)
        ? "; if it holds token ids, as nanoGPT's train.bin does, import it as a token file"
        : "";
}
