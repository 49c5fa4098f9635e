using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PsGpt.Unit;

/// <summary>A plain reader of safetensors for expected values, independent of the engine's own.</summary>
internal sealed class SafetensorsReference
{
    private readonly byte[] bytes;
    private readonly int bufferStart;
    private readonly Dictionary<string, (string Type, int[] Shape, int Begin, int End)> entries = [];

    public SafetensorsReference(string path)
    {
        bytes = File.ReadAllBytes(path);
        var headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        bufferStart = 8 + headerLength;
        using var header = JsonDocument.Parse(bytes.AsMemory(8, headerLength));
        foreach (var entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
            {
                Metadata = entry.Value.EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetString()!);
                continue;
            }

            var offsets = entry.Value.GetProperty("data_offsets");
            entries[entry.Name] = (
                entry.Value.GetProperty("dtype").GetString()!,
                [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())],
                offsets[0].GetInt32(), offsets[1].GetInt32());
        }
    }

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public IEnumerable<string> Names => entries.Keys;

    public int[] Shape(string name) => entries[name].Shape;

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name, "F32")).ToArray();

    public double[] Doubles(string name) => MemoryMarshal.Cast<byte, double>(Bytes(name, "F64")).ToArray();

    public int[] Integers(string name) => MemoryMarshal.Cast<byte, int>(Bytes(name, "I32")).ToArray();

    private ReadOnlySpan<byte> Bytes(string name, string type)
    {
        var entry = entries[name];
        Assert.Equal(type, entry.Type);
        return bytes.AsSpan(bufferStart + entry.Begin, entry.End - entry.Begin);
    }
}
