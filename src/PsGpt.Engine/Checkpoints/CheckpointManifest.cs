using System.Globalization;
using System.Text;
using PsGpt.Data;

namespace PsGpt.Checkpoints;

/// <summary>The list of a checkpoint's files. It is written last: a directory without it was never finished.</summary>
/// <param name="Version">The version of the layout.</param>
/// <param name="Files">All other files.</param>
/// <param name="Checksum">The CRC-32C of version and files; version 1 has none.</param>
internal sealed record CheckpointManifest(int Version, IReadOnlyList<CheckpointFile> Files, uint? Checksum = null)
{
    public const string Name = "checkpoint.json";

    public const int CurrentVersion = 2;

    private const int FirstVersionWithChecksum = 2;

    /// <summary>A list with its checksum.</summary>
    public static CheckpointManifest Of(IReadOnlyList<CheckpointFile> files, int version = CurrentVersion) =>
        new(version, files, ChecksumOf(version, files));

    /// <summary>
    /// Whether the list is as it was written. All versions compute the checksum alike, so that a newer version can be told from a
    /// damaged digit.
    /// </summary>
    public bool IsIntact => Checksum is { } checksum ? checksum == ChecksumOf(Version, Files) : Version < FirstVersionWithChecksum;

    private static uint ChecksumOf(int version, IReadOnlyList<CheckpointFile?> files)
    {
        using var checksum = new ChecksumStream(Stream.Null);
        Add(checksum, $"{version}\n");
        foreach (var file in files)
            Add(checksum, $"{file?.Name}\n{file?.Length}\n{file?.Checksum}\n");
        return checksum.Checksum;
    }

    private static void Add(ChecksumStream checksum, FormattableString line) =>
        checksum.Write(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture)));
}
