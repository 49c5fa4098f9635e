namespace PsGpt.Formats;

/// <summary>Moves weights between a stream and memory in parts, so that a file needs no memory beside the model's own.</summary>
internal static class WeightStream
{
    private const int PartLength = 1 << 18;

    /// <summary>Fills <paramref name="target"/> with the next values of a stream.</summary>
    /// <exception cref="EndOfStreamException">The stream is too short.</exception>
    public static void Read(Stream stream, WeightDataType type, Span<float> target, CancellationToken cancellationToken)
    {
        var size = WeightConversion.SizeOf(type);
        var buffer = new byte[Math.Min(PartLength, target.Length) * size];
        while (!target.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(PartLength, target.Length);
            var part = buffer.AsSpan(0, count * size);
            stream.ReadExactly(part);
            WeightConversion.Read(part, type, target[..count]);
            target = target[count..];
        }
    }

    /// <summary>Writes values to a stream.</summary>
    public static void Write(Stream stream, WeightDataType type, ReadOnlySpan<float> source, CancellationToken cancellationToken)
    {
        var size = WeightConversion.SizeOf(type);
        var buffer = new byte[Math.Min(PartLength, source.Length) * size];
        while (!source.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(PartLength, source.Length);
            var part = buffer.AsSpan(0, count * size);
            WeightConversion.Write(source[..count], type, part);
            stream.Write(part);
            source = source[count..];
        }
    }
}
