using System.Buffers.Binary;

namespace PsGpt.Formats.Gguf;

/// <summary>
/// What stands before the weights in a GGUF file (ggml, <c>docs/gguf.md</c>): magic, version, numbers of tensors and keys, the
/// keys, the tensors. All places are checked against the length of the file before anybody relies on them.
/// </summary>
/// <param name="Metadata">The keys.</param>
/// <param name="Tensors">The tensors in the order of their bytes; begin and end count from the start of the file.</param>
internal sealed record GgufHeader(GgufMetadata Metadata, IReadOnlyList<GgufTensor> Tensors)
{
    private const uint Magic = 0x46554747;
    private const int DefaultAlignment = 32;

    // A model of a thousand layers has 12,004 tensors. Each costs more memory than it has bytes, so that their number is limited.
    private const int MostEntries = 1 << 16;

    /// <summary>Whether bytes begin with the magic number.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic;

    /// <summary>Reads the header of a file.</summary>
    /// <exception cref="GptException"><c>ModelFileWrongMagic</c>, <c>ModelVersionUnknown</c>, <c>ModelFileTruncated</c>.</exception>
    /// <exception cref="EndOfStreamException">The file ends within it.</exception>
    /// <exception cref="FormatException">It is broken.</exception>
    public static GgufHeader Read(ByteSource source, string path)
    {
        var cursor = new GgufCursor(source, 0);
        RequireVersion(cursor, path);
        var tensorCount = cursor.ReadUInt64();
        var keyCount = cursor.ReadUInt64();
        if (tensorCount > MostEntries || keyCount > MostEntries)
            throw new FormatException($"it claims {tensorCount} tensors and {keyCount} keys");
        var metadata = new GgufMetadata(source, cursor, keyCount);
        var tensors = new List<GgufTensor>();
        for (ulong i = 0; i < tensorCount; i++)
            tensors.Add(GgufTensor.Read(cursor));
        return new GgufHeader(metadata, Place(tensors, Alignment(metadata), cursor.Position, source.Length, path));
    }

    private static void RequireVersion(GgufCursor cursor, string path)
    {
        if (cursor.ReadUInt32() != Magic)
        {
            throw new GptException("ModelFileWrongMagic", GptErrorKind.InvalidData,
                $"'{path}' is not a GGUF file: it does not begin with GGUF. Give the file that llama.cpp would load.");
        }

        // Version 2 differs from 3 in nothing but that 3 may also be big-endian.
        var version = cursor.ReadUInt32();
        if (version is not (2 or 3))
        {
            throw new GptException("ModelVersionUnknown", GptErrorKind.NotSupported, (version & 0xFFFF) == 0
                ? $"'{path}' is a GGUF file for big-endian machines. Convert it with llama.cpp's gguf_convert_endian.py."
                : $"'{path}' is a GGUF file of version {version}. Versions 2 and 3 can be read: make it again with a current llama.cpp.");
        }
    }

    private static int Alignment(GgufMetadata metadata)
    {
        var alignment = metadata.FindInteger("general.alignment") ?? DefaultAlignment;
        return alignment > 0 ? alignment : throw new FormatException($"its alignment is {alignment}");
    }

    private static List<GgufTensor> Place(List<GgufTensor> tensors, int alignment, long headerEnd, long fileLength, string path)
    {
        var start = (headerEnd + alignment - 1) / alignment * alignment;
        if (tensors.Find(tensor => tensor.Begin % alignment != 0) is { } crooked)
        {
            throw new FormatException(
                $"the bytes of its tensor '{crooked.Name}' begin at {crooked.Begin}, which is no multiple of {alignment}");
        }

        if (tensors.GroupBy(tensor => tensor.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            throw new FormatException($"it has the tensor '{twice.Key}' twice");

        List<GgufTensor> placed =
        [
            .. tensors.Select(tensor => tensor with { Begin = start + tensor.Begin })
                .OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End),
        ];
        for (var i = 1; i < placed.Count; i++)
        {
            if (placed[i].Begin < placed[i - 1].End)
                throw new FormatException($"its tensors '{placed[i - 1].Name}' and '{placed[i].Name}' share bytes");
        }

        if (placed.MaxBy(tensor => tensor.End) is { } last && last.End > fileLength)
        {
            throw new GptException("ModelFileTruncated", GptErrorKind.InvalidData,
                $"'{path}' has {fileLength} bytes, but the tensor '{last.Name}' ends at {last.End}. Get it again from where it came from.");
        }

        return placed;
    }
}
