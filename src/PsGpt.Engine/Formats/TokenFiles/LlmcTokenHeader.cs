using System.Buffers.Binary;

namespace PsGpt.Formats.TokenFiles;

/// <summary>The first 1024 bytes of a token file of llm.c (<c>dev/data/data_common.py</c>): 256 little-endian int32.</summary>
/// <param name="TokenSize">The bytes of an id: 2 (magic 20240520, version 1) or 4 (magic 20240801, version 7).</param>
/// <param name="Count">The number of ids that follow.</param>
internal sealed record LlmcTokenHeader(int TokenSize, int Count)
{
    public const int Length = 1024;
    private const int Magic16 = 20240520;
    private const int Magic32 = 20240801;

    /// <summary>Whether bytes begin with one of the magic numbers.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && Field(bytes, 0) is Magic16 or Magic32;

    /// <summary>Reads the header of a file and compares it with the file's length.</summary>
    /// <param name="bytes">The start of the file.</param>
    /// <param name="fileLength">The bytes of the whole file.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="GptException">
    /// <c>TokenFileWrongMagic</c>, <c>TokenFileVersionUnknown</c>, <c>TokenHeaderInvalid</c>, <c>TokenFileTruncated</c>.
    /// </exception>
    public static LlmcTokenHeader Parse(ReadOnlySpan<byte> bytes, long fileLength, string path)
    {
        if (!HasMagic(bytes))
        {
            throw new GptException("TokenFileWrongMagic", GptErrorKind.InvalidData,
                $"'{path}' is not a token file of llm.c: it begins with neither {Magic16} nor {Magic32}. Name the format of ids " +
                "without a header: nanogpt (raw uint16) or int32.");
        }

        if (bytes.Length < Length)
            throw Truncated(path, $"it has {fileLength:N0} bytes, and the header alone {Length:N0}");
        var size = Field(bytes, 0) == Magic16 ? 2 : 4;
        var version = Field(bytes, 1);
        if (version != VersionOf(size))
        {
            throw new GptException("TokenFileVersionUnknown", GptErrorKind.NotSupported,
                $"'{path}' is a token file of llm.c of version {version}. With this magic number version {VersionOf(size)} can be " +
                "read: write it again with a current data_common.py.");
        }

        var count = Field(bytes, 2);
        var wanted = Length + ((long)count * size);
        if (count >= 0 && fileLength < wanted)
            throw Truncated(path, $"its header announces {count:N0} tokens, which need {wanted:N0} bytes, and it has {fileLength:N0}");
        if (count >= 0 && fileLength == wanted)
            return new(size, count);
        throw new GptException("TokenHeaderInvalid", GptErrorKind.InvalidData,
            $"The header of '{path}' is broken: it announces {count:N0} tokens, and the file has {fileLength:N0} bytes. Get the " +
            "file again from where it came from.");
    }

    /// <summary>The bytes of the header.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        int[] fields = [TokenSize == 2 ? Magic16 : Magic32, VersionOf(TokenSize), Count];
        for (var i = 0; i < fields.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), fields[i]);
        return bytes;
    }

    private static int VersionOf(int tokenSize) => tokenSize == 2 ? 1 : 7;

    private static int Field(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * index)..]);

    private static GptException Truncated(string path, string problem) =>
        new("TokenFileTruncated", GptErrorKind.InvalidData, FormattableString.Invariant(
            $"'{path}' is cut short: {problem}. Get it again from where it came from."));
}
