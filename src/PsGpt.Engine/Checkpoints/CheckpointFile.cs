namespace PsGpt.Checkpoints;

/// <summary>A file of a checkpoint, as it was written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Checksum">The CRC-32C of its content.</param>
internal sealed record CheckpointFile(string Name, long Length, uint Checksum)
{
    private const int PartLength = 1 << 18;

    /// <summary>What is wrong with the file in a directory, or null where it is as it was written.</summary>
    public string? FindDamage(string directory, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Path.Combine(directory, Name));
        if (!file.Exists)
            return $"'{Name}' is missing";
        if (file.Length != Length)
            return $"'{Name}' has {file.Length} bytes instead of {Length}";
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        using var checksum = new ChecksumStream(Stream.Null);
        var buffer = new byte[PartLength];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            checksum.Write(buffer.AsSpan(0, count));
        }

        return checksum.Checksum == Checksum ? null : $"'{Name}' is not what was written";
    }
}
