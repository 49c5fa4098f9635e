using System.Buffers.Binary;
using System.Text.Unicode;

namespace PsGpt.Formats.TokenFiles;

/// <summary>
/// Tells by the vocabulary how raw ids without a header are laid out. Ids of 32 bits have zeros in their upper halves, which a text
/// in 16 bits has not at every second place: so where all ids of 32 bits are in the vocabulary, they are that.
/// </summary>
internal static class RawTokenLayout
{
    // Larger files are looked at in three places; an id outside the vocabulary elsewhere is found when it is read.
    private const long WholeLength = 64L << 20;
    private const int SampleLength = 1 << 20;

    // In a few ids zeros may be chance.
    private const int FewestIds = 16;

    /// <summary>The layout whose ids are all in the vocabulary, or null where both or none may be.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="vocabularySize">V.</param>
    public static TokenFileFormat? Find(ByteSource bytes, int vocabularySize)
    {
        if (IsForeign(bytes))
            return null;
        if (bytes.Length % 4 == 0 && LargestId(bytes, 4) is var largest && largest < (uint)vocabularySize)
            return largest > 0 && bytes.Length >= 4 * FewestIds ? TokenFileFormat.Int32 : null;
        return bytes.Length % 2 == 0 && LargestId(bytes, 2) < (uint)vocabularySize ? TokenFileFormat.NanoGpt : null;
    }

    /// <summary>Letters are ids of a large vocabulary too, in pairs: a text, or a pickle, must not be trained on as ids.</summary>
    private static bool IsForeign(ByteSource bytes)
    {
        var head = new byte[Math.Min(bytes.Length, 1024)];
        bytes.Read(0, head);
        return IsText(head) || head is [0x80, >= 2 and <= 5, ..];
    }

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (var value in head)
        {
            if (value < ' ' && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f'))
                return false;
        }

        // The last character may go on behind the head.
        for (var missing = 0; missing <= Math.Min(3, head.Length - 1); missing++)
        {
            if (Utf8.IsValid(head[..^missing]))
                return true;
        }

        return false;
    }

    private static uint LargestId(ByteSource bytes, int size)
    {
        if (bytes.Length <= WholeLength)
            return LargestId(bytes, size, 0, bytes.Length);
        var middle = bytes.Length / 8 * 4;
        return Math.Max(LargestId(bytes, size, 0, SampleLength), Math.Max(
            LargestId(bytes, size, middle, SampleLength), LargestId(bytes, size, bytes.Length - SampleLength, SampleLength)));
    }

    private static uint LargestId(ByteSource bytes, int size, long start, long length)
    {
        var buffer = new byte[Math.Min(length, 1 << 16)];
        var largest = 0u;
        for (var end = start + length; start < end; start += buffer.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - start));
            bytes.Read(start, part);
            for (var i = 0; i < part.Length; i += size)
            {
                var id = size == 2
                    ? BinaryPrimitives.ReadUInt16LittleEndian(part[i..])
                    : BinaryPrimitives.ReadUInt32LittleEndian(part[i..]);
                largest = Math.Max(largest, id);
            }
        }

        return largest;
    }
}
