namespace PsGpt.Formats;

/// <summary>Writes a GGUF file, version 3.</summary>
internal static class GgufWriter
{
    private const uint Version = 3;
    private const int Alignment = 32;

    /// <param name="typeOf">How each tensor is stored.</param>
    /// <param name="progress">Is told the share of the weights that has been written, 0 to 1; may be null.</param>
    public static void Write(
        Stream file, GgufKeys keys, IReadOnlyList<TensorPlacement> placements, Func<TensorPlacement, WeightDataType> typeOf, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)placements.Count);
        writer.Write((ulong)keys.Count);
        writer.Write(keys.Bytes);
        long begin = 0;
        foreach (var placement in placements)
        {
            WriteInfo(writer, placement, typeOf(placement), begin);
            begin = Padded(begin + WeightConversion.LengthOf(typeOf(placement), placement.Length));
        }

        Pad(writer);
        var share = new WeightProgress(progress, placements.Sum(placement => placement.Length));
        foreach (var placement in placements)
        {
            placement.Write(file, typeOf(placement), share, cancellationToken);
            Pad(writer);
        }
    }

    private static void WriteInfo(BinaryWriter writer, TensorPlacement placement, WeightDataType type, long begin)
    {
        GgufKeys.WriteText(writer, placement.Name);
        writer.Write((uint)placement.Shape.Length);
        foreach (var size in placement.Shape.Reverse())
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
