using System.Buffers.Binary;

namespace PsGpt.Formats.TokenFiles;

/// <summary>One token file that is being written, beside its target until it is whole.</summary>
internal sealed class TokenFileWriter : IDisposable
{
    private readonly TokenFileFormat format;
    private readonly int tokenSize;
    private readonly AtomicWrite target;
    private readonly FileStream file;
    private readonly byte[] buffer = new byte[1 << 16];

    /// <param name="path">The target.</param>
    /// <param name="format">The layout.</param>
    /// <param name="tokenSize">The bytes of an id, 2 or 4.</param>
    /// <exception cref="GptException"><c>TargetIsDevice</c>.</exception>
    public TokenFileWriter(string path, TokenFileFormat format, int tokenSize)
    {
        (this.format, this.tokenSize) = (format, tokenSize);
        target = new AtomicWrite(path);
        file = new FileStream(target.TemporaryPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);

        // The header is written last: it holds the number of ids.
        file.Position = format.HeaderLength;
    }

    /// <summary>The number of ids so far.</summary>
    public long Count { get; private set; }

    /// <summary>Appends ids, each of which fits.</summary>
    public void Write(ReadOnlySpan<int> ids)
    {
        Count += ids.Length;
        while (!ids.IsEmpty)
        {
            var part = ids[..Math.Min(ids.Length, buffer.Length / tokenSize)];
            for (var i = 0; i < part.Length; i++)
            {
                if (tokenSize == 2)
                    BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(2 * i), checked((ushort)part[i]));
                else
                    BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(4 * i), part[i]);
            }

            file.Write(buffer, 0, part.Length * tokenSize);
            ids = ids[part.Length..];
        }
    }

    /// <summary>Ends the file and puts it in the place of the target.</summary>
    public void Commit()
    {
        file.Position = 0;
        file.Write(format.HeaderOf(tokenSize, Count));
        file.Flush(flushToDisk: true);
        file.Dispose();
        target.Commit();
    }

    /// <summary>Takes away what is not whole.</summary>
    public void Dispose()
    {
        file.Dispose();
        target.Dispose();
    }
}
