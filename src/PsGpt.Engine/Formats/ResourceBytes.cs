namespace PsGpt.Formats;

/// <summary>The bytes of a resource, copied from where the assembly lies in memory, without the place of its stream.</summary>
internal sealed unsafe class ResourceBytes(UnmanagedMemoryStream stream) : ByteSource(stream.Length)
{
    private readonly byte* start = stream.PositionPointer;

    public override void Read(long offset, Span<byte> target)
    {
        if (offset < 0 || offset > Length - target.Length)
            throw new EndOfStreamException();
        new ReadOnlySpan<byte>(start + offset, target.Length).CopyTo(target);
    }

    // The stream keeps the assembly in memory.
    public override void Dispose() => stream.Dispose();
}
