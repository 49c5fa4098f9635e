using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Formats.Weights;
using PsGpt.Tensors;

namespace PsGpt.Formats.HuggingFace;

/// <summary>Writes a safetensors file.</summary>
internal static class SafetensorsWriter
{
    /// <param name="prefix">What stands in front of each name; a head is never under it.</param>
    /// <param name="progress">Is told the share of the weights that has been written, 0 to 1; may be null.</param>
    public static void Write(
        Stream file, IReadOnlyList<TensorMapping> mappings, string prefix, WeightDataType type, IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        WriteHeader(file, mappings, prefix, type);
        var share = new WeightProgress(progress, mappings.Sum(mapping => mapping.Length));
        foreach (var mapping in mappings)
            mapping.Write(file, type, share, cancellationToken);
    }

    /// <summary>Writes the part of the file before the values of the tensors, which must follow in the same order.</summary>
    public static void WriteHeader(Stream file, IReadOnlyList<TensorMapping> mappings, string prefix, WeightDataType type)
    {
        var header = new JsonObject { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
        long end = 0;
        foreach (var mapping in mappings)
        {
            var begin = end;
            end += mapping.Length * WeightConversion.SizeOf(type);
            var name = mapping.Name.StartsWith("lm_head.", StringComparison.Ordinal) ? mapping.Name : prefix + mapping.Name;
            header[name] = new JsonObject
            {
                ["dtype"] = SafetensorsHeader.NameOf(type),
                ["shape"] = new JsonArray([.. mapping.Shape.Select(size => JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(begin, end),
            };
        }

        // Spaces after the JSON align the buffer to 8 bytes, as the reference implementation has it.
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var padded = new byte[(json.Length + 7) / 8 * 8];
        padded.AsSpan().Fill((byte)' ');
        json.CopyTo(padded, 0);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)padded.Length);
        file.Write(length);
        file.Write(padded);
    }
}
