using System.Buffers.Binary;

namespace PsGpt.Unit.Formats;

/// <summary>
/// Makes broken files of a whole one, always the same ones: what disks, networks, other programs and enemies do to files.
/// </summary>
/// <param name="whole">The file. Binary or text: mutations of both kinds are tried on it.</param>
internal sealed class FileMutator(byte[] whole)
{
    // Headers of this field have 1024 bytes; extremes are tried at every place of one.
    private const int HeaderLength = 1024;
    private const int Depth = 10_000;

    private static readonly ulong[] Extremes =
        [0, 1, 1UL << 16, int.MaxValue, 1UL << 31, uint.MaxValue, long.MaxValue, 1UL << 63, ulong.MaxValue];

    private static readonly string[] Numbers =
        ["0", "1", "-1", "4", "1.5", "1e999", "-0", "1024", "65536", "1000000", "2147483647", "2147483648", "9223372036854775807",
            "18446744073709551616", "null", "\"7\"", "NaN", "true", "[]", "{}"];

    private static readonly string[] Texts =
        ["F64", "F32", "F16", "BF16", "I8", "BOOL", "F8_E4M3", "", "../x", "\\ud800", "__metadata__", "dtype", "gpt2", "relu"];

    private readonly RandomStream random = new(12);

    /// <summary>Mutated files, each with a buffer of its own.</summary>
    public IEnumerable<byte[]> Mutations(int count)
    {
        // In turn, so that few mutations have some of each kind too.
        using var extremes = EveryExtreme().GetEnumerator();
        for (var i = 0; i < count; i++)
            yield return i % 2 == 0 && extremes.MoveNext() ? extremes.Current : Next();
    }

    private IEnumerable<byte[]> EveryExtreme() =>
        from place in Enumerable.Range(0, Math.Min(HeaderLength, whole.Length - 8) / 4)
        from extreme in Extremes
        from width in extreme > uint.MaxValue ? new[] { 8 } : [4, 8]
        select WithNumber(4 * place, extreme, width);

    private byte[] Next()
    {
        var place = Place();
        return random.NextInt32(13) switch
        {
            0 => whole[..place],
            1 => Splice(place, Length(place, 16), []),
            2 => Splice(place, 0, RandomBytes()),
            3 => Splice(place, 1, [(byte)(whole[place] ^ (1 << random.NextInt32(8)))]),
            4 => WithNumber(place & ~3, Extremes[random.NextInt32(Extremes.Length)], random.NextInt32(2) == 0 ? 4 : 8),
            5 => Splice(place, 0, whole.AsSpan(place, Length(place, 200))),
            6 => Swap(place, Place()),
            7 => ReplaceNumber(place),
            8 or 9 => ReplaceText(place),
            10 => Nest(place),
            11 => Splice(place, 0, Enumerable.Repeat(" \0x"u8[random.NextInt32(3)], random.NextInt32(20_000)).ToArray()),
            _ => WithNumber(random.NextInt32(whole.Length) & ~3, random.NextInt32(2) == 0 ? 0x7FC00000 : 0xFF800000, 4),
        };
    }

    /// <summary>Most of the meaning is at the start.</summary>
    private int Place() =>
        random.NextInt32(Math.Min(whole.Length, random.NextInt32(5) switch { 0 => 64, 1 or 2 => 2000, 3 => 8000, _ => int.MaxValue }));

    private int Length(int place, int most) => 1 + random.NextInt32(Math.Min(most, whole.Length - place));

    private byte[] RandomBytes()
    {
        var bytes = new byte[1 + random.NextInt32(16)];
        foreach (ref var value in bytes.AsSpan())
            value = (byte)random.NextBits();
        return bytes;
    }

    private byte[] Splice(int place, int removed, ReadOnlySpan<byte> added) =>
        [.. whole.AsSpan(0, place), .. added, .. whole.AsSpan(place + removed)];

    private byte[] WithNumber(int place, ulong number, int width)
    {
        byte[] bytes = [.. whole];
        Span<byte> field = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(field, number);
        width = Math.Min(width, bytes.Length - place);
        field[..width].CopyTo(bytes.AsSpan(place));
        return bytes;
    }

    /// <summary>Two blocks of one length change places, which may be one within the other.</summary>
    private byte[] Swap(int left, int right)
    {
        var length = Math.Min(Length(left, 64), Length(right, 64));
        byte[] bytes = [.. whole];
        whole.AsSpan(left, length).CopyTo(bytes.AsSpan(right));
        whole.AsSpan(right, length).CopyTo(bytes.AsSpan(left));
        return bytes;
    }

    /// <summary>The next number of a text becomes another: sizes, offsets, ids.</summary>
    private byte[] ReplaceNumber(int place)
    {
        var start = whole.AsSpan(place).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start < 0)
            return whole[..place];
        start += place;
        var length = whole.AsSpan(start).IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return Splice(start, length < 0 ? whole.Length - start
            : length, System.Text.Encoding.UTF8.GetBytes(Numbers[random.NextInt32(Numbers.Length)]));
    }

    /// <summary>
    /// The next text in quotation marks becomes another of the file, or a foreign one: types, and names that come twice or lack.
    /// </summary>
    private byte[] ReplaceText(int place)
    {
        var (start, length) = FindText(place);
        var (other, otherLength) = FindText(Place());
        return Splice(start, length, random.NextInt32(2) == 0 ? whole.AsSpan(other, otherLength)
            : System.Text.Encoding.UTF8.GetBytes(Texts[random.NextInt32(Texts.Length)]));
    }

    private (int Start, int Length) FindText(int place)
    {
        var start = whole.AsSpan(place).IndexOf((byte)'"') + 1;
        var length = whole.AsSpan(place + start).IndexOf((byte)'"');
        return start == 0 || length < 0 ? (place, 0) : (place + start, length);
    }

    /// <summary>Brackets within brackets, where a value is expected if there is one.</summary>
    private byte[] Nest(int place)
    {
        var bracket = random.NextInt32(2) == 0 ? "["u8 : "{\"a\":"u8;
        var nest = new byte[Depth * bracket.Length];
        for (var i = 0; i < nest.Length; i++)
            nest[i] = bracket[i % bracket.Length];
        return Splice(place + whole.AsSpan(place).IndexOf((byte)':') + 1, 0, nest);
    }
}
