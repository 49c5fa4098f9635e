using System.Buffers.Binary;
using System.Text.Json;
using PsGpt.Formats.Weights;
using PsGpt.Tensors;

namespace PsGpt.Formats.HuggingFace;

/// <summary>
/// The header of a safetensors file (huggingface/safetensors, README): a length of 8 bytes, then that much JSON. Everything in it
/// is checked against the length of the file before anybody relies on it.
/// </summary>
internal static class SafetensorsHeader
{
    private const long MostBytes = 100_000_000;

    private static readonly Dictionary<string, WeightDataType> DataTypes = new()
    {
        ["F64"] = WeightDataType.Float64,
        ["F32"] = WeightDataType.Float32,
        ["F16"] = WeightDataType.Float16,
        ["BF16"] = WeightDataType.BFloat16,
    };

    /// <summary>What a file calls a data type.</summary>
    public static string NameOf(WeightDataType type) => DataTypes.First(pair => pair.Value == type).Key;

    /// <summary>Whether a file begins as a safetensors file does.</summary>
    public static bool Begins(string path)
    {
        Span<byte> start = stackalloc byte[9];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start[8] == (byte)'{'
            && BinaryPrimitives.ReadUInt64LittleEndian(start) <= MostBytes;
    }

    /// <summary>Reads the header of a file.</summary>
    /// <returns>All tensors in the order of their bytes, which leave no gap: the last one ends where the file ends. Begin and end count
    /// from the start of the file.</returns>
    /// <exception cref="GptException"><c>SafetensorsInvalid</c>, <c>ModelFileTruncated</c>, <c>ModelFileOversized</c>.</exception>
    public static List<SafetensorsEntry> Read(ByteSource source, string path)
    {
        if (source.Length < 8)
            throw Invalid(path, "it is shorter than 8 bytes");
        Span<byte> prefix = stackalloc byte[8];
        source.Read(0, prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > MostBytes || (long)headerLength > source.Length - 8)
        {
            throw Invalid(
                path, $"its header claims {headerLength} bytes of a file of {source.Length}", ForeignContent.Describe(Start(source)));
        }

        var json = new byte[(int)headerLength];
        source.Read(8, json);
        try
        {
            using var document = JsonDocument.Parse(json);
            var entries = Parse(document.RootElement, path);
            var start = 8 + (long)headerLength;
            RequireNoGaps(entries, source.Length - start, path);
            return [.. entries.Select(entry => entry with { Begin = start + entry.Begin, End = start + entry.End })];
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Invalid(path, $"its header is not the JSON that it should be ({exception.Message})", inner: exception);
        }
    }

    private static List<SafetensorsEntry> Parse(JsonElement root, string path)
    {
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
                throw Invalid(path, $"it names '{property.Name}' twice");
            if (property.Name != "__metadata__")
                entries.Add(ParseEntry(property, path));
        }

        entries.Sort((left, right) => left.Begin != right.Begin ? left.Begin.CompareTo(right.Begin) : left.End.CompareTo(right.End));
        return entries;
    }

    private static SafetensorsEntry ParseEntry(JsonProperty property, string path)
    {
        var typeName = property.Value.GetProperty("dtype").GetString() ?? "";
        var shape = NumbersOf(property.Value.GetProperty("shape"));
        var offsets = NumbersOf(property.Value.GetProperty("data_offsets"));
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0])
            throw Invalid(path, $"the bytes of '{property.Name}' begin and end nowhere");
        WeightDataType? type = DataTypes.TryGetValue(typeName, out var known) ? known : null;
        if (type is not null && !HasLength(shape, WeightConversion.SizeOf(known), offsets[1] - offsets[0]))
        {
            throw Invalid(
                path, $"'{property.Name}' has {offsets[1] - offsets[0]} bytes, which its shape ({string.Join(", ", shape)}) does not fit");
        }

        return new SafetensorsEntry(property.Name, typeName, type, shape, offsets[0], offsets[1]);
    }

    private static long[] NumbersOf(JsonElement array)
    {
        var numbers = new long[array.GetArrayLength()];
        var i = 0;
        foreach (var number in array.EnumerateArray())
            numbers[i++] = number.GetInt64();
        return numbers;
    }

    /// <summary>Whether a shape has a length in bytes, without overflow however large its sizes are.</summary>
    private static bool HasLength(long[] shape, int valueSize, long expected)
    {
        if (shape.Contains(0))
            return expected == 0;
        Int128 length = valueSize;
        foreach (var size in shape)
        {
            length *= size;
            if (size < 0 || length > expected)
                return false;
        }

        return length == expected;
    }

    /// <summary>The tensors follow each other over the whole buffer, as the format demands: nothing is hidden, nothing shared.</summary>
    private static void RequireNoGaps(List<SafetensorsEntry> entries, long bufferLength, string path)
    {
        long end = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
                throw Invalid(path, $"the bytes of '{entry.Name}' begin at {entry.Begin}, but those before them end at {end}");
            end = entry.End;
        }

        if (bufferLength < end)
        {
            throw new GptException("ModelFileTruncated", GptErrorKind.InvalidData,
                $"'{path}' holds {bufferLength} bytes of weights, but its header describes {end}. Get it again from where it came from.");
        }

        if (bufferLength > end)
        {
            throw new GptException("ModelFileOversized", GptErrorKind.InvalidData,
                $"'{path}' holds {bufferLength} bytes of weights, but its header describes {end}. Get it again from where it came from.");
        }
    }

    private static byte[] Start(ByteSource source)
    {
        var start = new byte[Math.Min(source.Length, 64)];
        source.Read(0, start);
        return start;
    }

    private static GptException Invalid(string path, string problem, string foreign = "", Exception? inner = null) => new(
        "SafetensorsInvalid", GptErrorKind.InvalidData,
        $"'{path}' is not a whole safetensors file: {problem}.{(foreign.Length > 0 ? foreign : " Get it again from where it came from.")}",
        inner);
}
