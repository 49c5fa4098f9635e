using PsGpt.Formats;

namespace PsGpt.Checkpoints;

/// <summary>The directory that a checkpoint is written to; remembers what there must be in it.</summary>
internal sealed class CheckpointTarget(ICheckpointDisk disk, string path) : IFileTarget
{
    private readonly List<CheckpointFile> files = [];

    /// <summary>The files that were written so far.</summary>
    public IReadOnlyList<CheckpointFile> Files => files;

    public void Write(string name, Action<Stream> write) => disk.Write(Path.Combine(path, name), file =>
    {
        using var stream = new ChecksumStream(file);
        write(stream);
        files.Add(new CheckpointFile(name, stream.Count, stream.Checksum));
    });
}
