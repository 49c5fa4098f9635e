using PsGpt.Formats.Weights;
using PsGpt.Tensors;

namespace PsGpt.Formats.Gguf;

/// <summary>Writes a GGUF file, version 3.</summary>
internal static class GgufWriter
{
    private const uint Version = 3;
    private const int Alignment = 32;

    /// <param name="typeOf">How each tensor is stored.</param>
    /// <param name="progress">Is told the share of the weights that has been written, 0 to 1; may be null.</param>
    public static void Write(
        Stream file, GgufKeys keys, IReadOnlyList<TensorMapping> mappings, Func<TensorMapping, WeightDataType> typeOf,
        IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)mappings.Count);
        writer.Write((ulong)keys.Count);
        writer.Write(keys.Bytes);
        long begin = 0;
        foreach (var mapping in mappings)
        {
            WriteInfo(writer, mapping, typeOf(mapping), begin);
            begin = Padded(begin + WeightConversion.LengthOf(typeOf(mapping), mapping.Length));
        }

        Pad(writer);
        var share = new WeightProgress(progress, mappings.Sum(mapping => mapping.Length));
        foreach (var mapping in mappings)
        {
            mapping.Write(file, typeOf(mapping), share, cancellationToken);
            Pad(writer);
        }
    }

    private static void WriteInfo(BinaryWriter writer, TensorMapping mapping, WeightDataType type, long begin)
    {
        GgufKeys.WriteText(writer, mapping.Name);
        writer.Write((uint)mapping.Shape.Length);
        foreach (var size in mapping.Shape.Reverse())
            writer.Write(size);
        writer.Write(GgufTensorType.NumberOf(type));
        writer.Write(begin);
    }

    private static void Pad(BinaryWriter writer)
    {
        writer.Flush();
        var position = writer.BaseStream.Position;
        writer.Write(new byte[Padded(position) - position]);
    }

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;
}
