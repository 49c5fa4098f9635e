using Microsoft.Win32.SafeHandles;

namespace PsGpt.Formats;

/// <summary>
/// The bytes of a file on disk. It is read rather than mapped: a mapped file that somebody cuts short takes the process down.
/// </summary>
internal sealed class FileBytes : ByteSource
{
    private readonly SafeFileHandle? handle;

    // A pipe has no length, and opening one waits for a writer, which no token can stop: it is never opened.
    public FileBytes(string path)
        : this(new FileInfo(path) is { Exists: true, Length: 0 } ? null : File.OpenHandle(path))
    {
    }

    private FileBytes(SafeFileHandle? handle)
        : base(handle is null ? 0 : RandomAccess.GetLength(handle)) => this.handle = handle;

    public override void Read(long offset, Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            var count = handle is null ? 0 : RandomAccess.Read(handle, target, offset);
            if (count == 0)
                throw new EndOfStreamException();
            offset += count;
            target = target[count..];
        }
    }

    public override void Dispose() => handle?.Dispose();
}
