using System.Collections.Concurrent;
using PsGpt.Data;
using PsGpt.Formats;

namespace PsGpt.Checkpoints;

/// <summary>
/// The directory that a checkpoint is written to. It remembers length and checksum of each file. Safe to use from several threads.
/// </summary>
internal sealed class CheckpointTarget(ICheckpointDisk disk, string path) : IFileTarget
{
    private readonly ConcurrentQueue<CheckpointFile> files = [];

    /// <summary>The files that were written so far.</summary>
    public IReadOnlyList<CheckpointFile> Files => [.. files];

    public void Write(string name, Action<Stream> write) => disk.Write(Path.Combine(path, name), file =>
    {
        using var stream = new ChecksumStream(file);
        write(stream);
        files.Enqueue(new CheckpointFile(name, stream.Count, stream.Checksum));
    });
}
