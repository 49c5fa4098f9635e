using System.Buffers.Binary;

namespace PsGpt.Formats.Gguf;

/// <summary>The keys of a GGUF file with their values.</summary>
internal sealed class GgufMetadata
{
    // The largest vocabulary that a model may have: what is longer is none of the lists that are asked for.
    private const int MostValues = 1 << 24;

    private readonly Dictionary<string, GgufValue> values = new(StringComparer.Ordinal);
    private readonly ByteSource source;

    /// <summary>Finds the keys at a cursor, which then stands behind them.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    /// <exception cref="FormatException">A key stands twice, or its value is broken.</exception>
    public GgufMetadata(ByteSource source, GgufCursor cursor, ulong count)
    {
        this.source = source;
        for (ulong i = 0; i < count; i++)
        {
            var key = cursor.ReadText();
            if (!values.TryAdd(key, GgufValue.Read(cursor)))
                throw new FormatException($"it has the key '{key}' twice");
        }
    }

    /// <summary>A text, or null where there is none.</summary>
    /// <exception cref="FormatException">The value is of another type.</exception>
    public string? FindText(string key) => Find(key, isArray: false) is { } value ? ReadTexts(key, value)[0] : null;

    /// <summary>The texts of an array, or null where there is none.</summary>
    /// <exception cref="FormatException">The value is of another type.</exception>
    public string[]? FindTexts(string key) => Find(key, isArray: true) is { } value ? ReadTexts(key, value) : null;

    /// <summary>A whole number, whatever its size in the file, or null where there is none.</summary>
    /// <exception cref="FormatException">The value is of another type, or out of range.</exception>
    public int? FindInteger(string key) => Find(key, isArray: false) is { } value ? ReadIntegers(key, value)[0] : null;

    /// <summary>The whole numbers of an array, or null where there is none.</summary>
    /// <exception cref="FormatException">The value is of another type, or out of range.</exception>
    public int[]? FindIntegers(string key) => Find(key, isArray: true) is { } value ? ReadIntegers(key, value) : null;

    /// <summary>A number with a fraction, or null where there is none.</summary>
    /// <exception cref="FormatException">The value is of another type.</exception>
    public float? FindSingle(string key)
    {
        if (Find(key, isArray: false) is not { } value)
            return null;
        var cursor = new GgufCursor(source, value.Offset);
        return value.Type switch
        {
            GgufValueType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(cursor.Take(sizeof(float))),
            GgufValueType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(cursor.Take(sizeof(double))),
            _ => throw WrongType(key, value),
        };
    }

    /// <summary>A truth value, or null where there is none.</summary>
    /// <exception cref="FormatException">The value is of another type.</exception>
    public bool? FindBoolean(string key)
    {
        if (Find(key, isArray: false) is not { } value)
            return null;
        return value.Type == GgufValueType.Boolean ? new GgufCursor(source, value.Offset).Take(1)[0] != 0 : throw WrongType(key, value);
    }

    private GgufValue? Find(string key, bool isArray)
    {
        if (!values.TryGetValue(key, out var value))
            return null;
        if (value.Count > MostValues)
            throw new FormatException($"its key '{key}' has {value.Count} values");
        return value.IsArray == isArray ? value : throw WrongType(key, value);
    }

    private string[] ReadTexts(string key, GgufValue value)
    {
        if (value.Type != GgufValueType.Text)
            throw WrongType(key, value);
        var cursor = new GgufCursor(source, value.Offset);
        var texts = new string[value.Count];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = cursor.ReadText();
        return texts;
    }

    private int[] ReadIntegers(string key, GgufValue value)
    {
        var cursor = new GgufCursor(source, value.Offset);
        var integers = new int[value.Count];
        for (var i = 0; i < integers.Length; i++)
        {
            var integer = value.Type switch
            {
                GgufValueType.UInt8 => cursor.Take(1)[0],
                GgufValueType.Int8 => (sbyte)cursor.Take(1)[0],
                GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(cursor.Take(sizeof(ushort))),
                GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(cursor.Take(sizeof(short))),
                GgufValueType.UInt32 => cursor.ReadUInt32(),
                GgufValueType.Int32 => (int)cursor.ReadUInt32(),
                GgufValueType.UInt64 => cursor.ReadUInt64(),
                GgufValueType.Int64 => (Int128)(long)cursor.ReadUInt64(),
                _ => throw WrongType(key, value),
            };
            integers[i] = integer >= int.MinValue && integer <= int.MaxValue
                ? (int)integer
                : throw new FormatException($"its key '{key}' has the value {integer}");
        }

        return integers;
    }

    private static FormatException WrongType(string key, GgufValue value) =>
        new($"its key '{key}' is {(value.IsArray ? "an array" : "a value")} of the type {value.Type}");
}
