using PsGpt.Data;
using PsGpt.Formats;

namespace PsGpt.Checkpoints;

/// <summary>A file of a checkpoint, as it was written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Checksum">The CRC-32C of its content.</param>
internal sealed record CheckpointFile(string Name, long Length, uint Checksum)
{
    private const int PartLength = 1 << 18;

    /// <summary>Describes the damage of the file; null if it is as it was written.</summary>
    public string? FindDamage(IFileSource files, CancellationToken cancellationToken)
    {
        if (Name.Length == 0 || Name != Path.GetFileName(Name))
            return $"'{Name}' is not the name of a file beside it";
        if (!files.Has(Name))
            return $"'{Name}' is missing";
        using var file = files.Open(Name);
        if (file.Length != Length)
            return $"'{Name}' has {file.Length} bytes instead of {Length}";
        using var checksum = new ChecksumStream(Stream.Null);
        var buffer = new byte[Math.Min(Length, PartLength)];
        for (long offset = 0; offset < Length; offset += buffer.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, Length - offset));
            file.Read(offset, part);
            checksum.Write(part);
        }

        return checksum.Checksum == Checksum ? null : $"'{Name}' is not as it was written";
    }
}
