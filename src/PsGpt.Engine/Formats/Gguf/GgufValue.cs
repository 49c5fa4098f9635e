namespace PsGpt.Formats.Gguf;

/// <summary>Where a GGUF file keeps the value of a key; it is read when it is asked for.</summary>
/// <param name="Type">The type of the value, or of each value of an array.</param>
/// <param name="IsArray">Whether there may be more or fewer than one.</param>
/// <param name="Count">How many.</param>
/// <param name="Offset">Where the first one begins, in bytes.</param>
internal readonly record struct GgufValue(GgufValueType Type, bool IsArray, ulong Count, long Offset)
{
    /// <summary>Finds the value at a cursor, which then stands behind it.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    /// <exception cref="FormatException">A type is unknown, or an array holds arrays, which no key of a model needs.</exception>
    public static GgufValue Read(GgufCursor cursor)
    {
        var type = (GgufValueType)cursor.ReadUInt32();
        var isArray = type == GgufValueType.Array;
        if (isArray)
            type = (GgufValueType)cursor.ReadUInt32();
        var count = isArray ? cursor.ReadUInt64() : 1;
        var value = new GgufValue(type, isArray, count, cursor.Position);
        if (type != GgufValueType.Text)
        {
            cursor.Skip((UInt128)count * (uint)SizeOf(type));
            return value;
        }

        for (ulong i = 0; i < count; i++)
            cursor.SkipText();
        return value;
    }

    private static int SizeOf(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Boolean => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        GgufValueType.Array => throw new FormatException("an array holds arrays"),
        _ => throw new FormatException($"a value is of the unknown type {(uint)type}"),
    };
}
