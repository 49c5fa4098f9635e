using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PsGpt.Formats.TokenFiles;

/// <summary>
/// The header of a NumPy array of ids (<c>numpy.lib.format</c>, versions 1 to 3): one dimension of uint16, int32 or uint32.
/// </summary>
/// <param name="TokenSize">The bytes of an id, 2 or 4.</param>
/// <param name="Count">The number of ids that follow.</param>
/// <param name="DataStart">The place of the first id in the file.</param>
internal sealed partial record NumpyTokenHeader(int TokenSize, long Count, int DataStart)
{
    /// <summary>The bytes of the headers that are written: their end is aligned to 64 bytes, as NumPy's own.</summary>
    public const int Length = 128;

    // Longer than any header of an array of numbers.
    private const int LongestText = 4096;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Whether bytes begin as a NumPy array.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Reads the header of a file and compares it with the file's length.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="GptException"><c>TokenHeaderInvalid</c>, <c>TokenFileTruncated</c>, <c>TokenArrayNotSupported</c>.</exception>
    public static NumpyTokenHeader Read(ByteSource bytes, string path)
    {
        var start = new byte[Math.Min(bytes.Length, 12 + LongestText)];
        bytes.Read(0, start);
        if (start.Length < 12 || start[6] is < 1 or > 3)
            throw Invalid(path, "its version is unknown");
        var (textStart, textLength) = start[6] == 1
            ? (10, BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8)))
            : (12, (long)BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8)));
        if (textLength > LongestText || textStart + textLength > start.Length)
            throw Invalid(path, $"it is {textLength:N0} bytes long");
        var dataStart = textStart + (int)textLength;
        var text = Encoding.Latin1.GetString(start, textStart, (int)textLength);
        var size = SizeOf(Type().Match(text).Groups[1].Value, path);
        if (!long.TryParse(Shape().Match(text).Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            throw new GptException("TokenArrayNotSupported", GptErrorKind.NotSupported,
                $"'{path}' is a NumPy array of another shape than one dimension. Save the ids as one long array.");
        }

        if (count > (bytes.Length - dataStart) / size)
        {
            throw new GptException("TokenFileTruncated", GptErrorKind.InvalidData,
                $"'{path}' is cut short: its header announces {count:N0} tokens, and it has {bytes.Length:N0} bytes. Get it again.");
        }

        return bytes.Length == dataStart + (count * size)
            ? new NumpyTokenHeader(size, count, dataStart)
            : throw Invalid(path, $"it announces {count:N0} tokens, and the file has {bytes.Length:N0} bytes");
    }

    /// <summary>The bytes of a header of <see cref="Length"/> bytes.</summary>
    public static byte[] ToBytes(int tokenSize, long count)
    {
        var type = tokenSize == 2 ? "<u2" : "<i4";
        var text = FormattableString.Invariant($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({count},), }}");
        return [.. Magic, 1, 0, Length - 10, 0, .. Encoding.ASCII.GetBytes(text.PadRight(Length - 11)), (byte)'\n'];
    }

    private static int SizeOf(string type, string path) => type switch
    {
        "<u2" => 2,
        "<i4" or "<u4" => 4,
        _ => throw new GptException("TokenArrayNotSupported", GptErrorKind.NotSupported,
            $"'{path}' is a NumPy array of type '{type}'. Ids are read from arrays of uint16 or int32: save it as one of them."),
    };

    private static GptException Invalid(string path, string problem) => new("TokenHeaderInvalid", GptErrorKind.InvalidData,
        FormattableString.Invariant($"The NumPy header of '{path}' is broken: {problem}. Get the file again from its source."));

    [GeneratedRegex("'descr': *'([^']*)'")]
    private static partial Regex Type();

    [GeneratedRegex(@"'shape': *\((\d+),\)")]
    private static partial Regex Shape();
}
