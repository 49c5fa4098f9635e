namespace PsGpt.Checkpoints;

/// <summary>What a checkpoint consists of. Written last: a directory without it was never finished.</summary>
/// <param name="Version">The version of the layout.</param>
/// <param name="Files">All other files.</param>
internal sealed record CheckpointManifest(int Version, IReadOnlyList<CheckpointFile> Files)
{
    public const string Name = "checkpoint.json";

    public const int CurrentVersion = 2;
}
