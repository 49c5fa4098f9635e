using System.Text;

namespace PsGpt.Formats.Gguf;

/// <summary>Keys with their values, as a GGUF file stores them, in the order in which they are added.</summary>
internal sealed class GgufKeys
{
    private readonly MemoryStream bytes = new();
    private readonly BinaryWriter writer;

    public GgufKeys() => writer = new BinaryWriter(bytes);

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Their bytes.</summary>
    public ReadOnlySpan<byte> Bytes => bytes.GetBuffer().AsSpan(0, (int)bytes.Length);

    /// <summary>Adds a text.</summary>
    public void Add(string key, string value)
    {
        Begin(key, GgufValueType.Text);
        WriteText(writer, value);
    }

    /// <summary>Adds a whole number that is not negative.</summary>
    public void Add(string key, int value)
    {
        Begin(key, GgufValueType.UInt32);
        writer.Write(value);
    }

    /// <summary>Adds a number with a fraction.</summary>
    public void Add(string key, float value)
    {
        Begin(key, GgufValueType.Float32);
        writer.Write(value);
    }

    /// <summary>Adds a truth value.</summary>
    public void Add(string key, bool value)
    {
        Begin(key, GgufValueType.Boolean);
        writer.Write(value);
    }

    /// <summary>Adds a list of texts.</summary>
    public void Add(string key, string[] values)
    {
        BeginArray(key, GgufValueType.Text, values.Length);
        foreach (var value in values)
            WriteText(writer, value);
    }

    /// <summary>Adds a list of whole numbers.</summary>
    public void Add(string key, int[] values)
    {
        BeginArray(key, GgufValueType.Int32, values.Length);
        foreach (var value in values)
            writer.Write(value);
    }

    /// <summary>Writes a text as the format has it: its length in bytes, then UTF-8.</summary>
    public static void WriteText(BinaryWriter writer, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)utf8.Length);
        writer.Write(utf8);
    }

    private void Begin(string key, GgufValueType type)
    {
        Count++;
        WriteText(writer, key);
        writer.Write((uint)type);
    }

    private void BeginArray(string key, GgufValueType type, int count)
    {
        Begin(key, GgufValueType.Array);
        writer.Write((uint)type);
        writer.Write((ulong)count);
    }
}
