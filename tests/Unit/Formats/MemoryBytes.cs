using PsGpt.Formats;

namespace PsGpt.Unit.Formats;

/// <summary>Bytes in memory.</summary>
/// <param name="bytes">All of them.</param>
internal sealed class MemoryBytes(byte[] bytes) : ByteSource(bytes.Length)
{
    public override void Read(long offset, Span<byte> target)
    {
        if (offset < 0 || offset > bytes.Length - target.Length)
            throw new EndOfStreamException();
        bytes.AsSpan((int)offset, target.Length).CopyTo(target);
    }

    public override void Dispose()
    {
    }
}
