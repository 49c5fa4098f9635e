namespace PsGpt.Formats.Gguf;

/// <summary>Where a GGUF file keeps the value of a key; it is read when it is asked for.</summary>
/// <param name="Type">The type of the value, or of each value of an array.</param>
/// <param name="IsArray">Whether there may be more or fewer than one.</param>
/// <param name="Count">How many.</param>
/// <param name="Offset">Where the first one begins, in bytes.</param>
internal readonly record struct GgufValue(GgufValueType Type, bool IsArray, ulong Count, long Offset)
{
    // No key of a model needs arrays of arrays; those of others are passed over, as deep as a file may nest them.
    private const int MostNesting = 8;

    /// <summary>Finds the value at a cursor, which then stands behind it.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    /// <exception cref="FormatException">A type is unknown, or arrays are nested too deep.</exception>
    public static GgufValue Read(GgufCursor cursor)
    {
        var type = (GgufValueType)cursor.ReadUInt32();
        return type == GgufValueType.Array ? ReadArray(cursor, MostNesting) : Read(cursor, type, isArray: false, count: 1);
    }

    private static GgufValue ReadArray(GgufCursor cursor, int nesting)
    {
        var type = (GgufValueType)cursor.ReadUInt32();
        var count = cursor.ReadUInt64();
        if (type != GgufValueType.Array)
            return Read(cursor, type, isArray: true, count);
        if (nesting == 0)
            throw new FormatException($"its arrays are nested more than {MostNesting} deep");
        var value = new GgufValue(type, IsArray: true, count, cursor.Position);
        for (ulong i = 0; i < count; i++)
            ReadArray(cursor, nesting - 1);
        return value;
    }

    private static GgufValue Read(GgufCursor cursor, GgufValueType type, bool isArray, ulong count)
    {
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
        _ => throw new FormatException($"a value is of the unknown type {(uint)type}"),
    };
}
