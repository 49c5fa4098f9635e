using System.Buffers.Binary;
using System.Text.Json;

namespace PsGpt.Formats;

/// <summary>
/// The header of a safetensors file (huggingface/safetensors, README): a length of 8 bytes, then that much JSON. Everything in it
/// is checked against the length of the file before anybody relies on it.
/// </summary>
internal static class SafetensorsHeader
{
    private const long MostBytes = 100_000_000;

    private static readonly Dictionary<string, WeightDataType> DataTypes = new()
    {
        ["F64"] = WeightDataType.Float64, ["F32"] = WeightDataType.Float32, ["F16"] = WeightDataType.Float16, ["BF16"] = WeightDataType.BFloat16,
    };

    /// <summary>What a file calls a data type.</summary>
    public static string NameOf(WeightDataType type) => DataTypes.First(pair => pair.Value == type).Key;

    /// <summary>Reads the header from the start of a stream, which then stands at the buffer.</summary>
    /// <returns>
    /// The tensors of floating-point numbers in the order of their bytes; others, such as masks of attention, are left out.
    /// </returns>
    /// <exception cref="GptException"><c>SafetensorsInvalid</c>.</exception>
    public static List<SafetensorsEntry> Read(Stream stream, long fileLength, string path)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
            throw Invalid(path, "it is shorter than 8 bytes");
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > MostBytes || (long)headerLength > fileLength - 8)
            throw Invalid(path, $"its header claims {headerLength} bytes of a file of {fileLength}");
        var json = new byte[(int)headerLength];
        stream.ReadExactly(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            return Parse(document.RootElement, fileLength - 8 - (long)headerLength, path);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Invalid(path, $"its header is not the JSON that it should be ({exception.Message})", exception);
        }
    }

    private static List<SafetensorsEntry> Parse(JsonElement root, long bufferLength, string path)
    {
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
                throw Invalid(path, $"it names '{property.Name}' twice");
            if (property.Name != "__metadata__" && DataTypes.TryGetValue(property.Value.GetProperty("dtype").GetString() ?? "", out var type))
                entries.Add(ParseEntry(property, type, bufferLength, path));
        }

        entries.Sort((left, right) => left.Begin.CompareTo(right.Begin));
        for (var i = 1; i < entries.Count; i++)
        {
            if (entries[i].Begin < entries[i - 1].End)
                throw Invalid(path, $"the bytes of '{entries[i - 1].Name}' and '{entries[i].Name}' overlap");
        }

        return entries;
    }

    private static SafetensorsEntry ParseEntry(JsonProperty property, WeightDataType type, long bufferLength, string path)
    {
        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > bufferLength)
            throw Invalid(path, $"the bytes of '{property.Name}' lie outside the file");
        Int128 length = WeightConversion.SizeOf(type);
        foreach (var size in shape)
        {
            length *= size;
            if (size < 0 || length > bufferLength)
                throw Invalid(path, $"the shape of '{property.Name}' does not fit the file");
        }

        return length == offsets[1] - offsets[0]
            ? new SafetensorsEntry(property.Name, type, shape, offsets[0], offsets[1])
            : throw Invalid(path, $"'{property.Name}' has {offsets[1] - offsets[0]} bytes, but its shape needs {length}");
    }

    private static GptException Invalid(string path, string problem, Exception? inner = null) => new(
        "SafetensorsInvalid", GptErrorKind.InvalidData, $"'{path}' is not a whole safetensors file: {problem}. Get it again from where it came from.", inner);
}
