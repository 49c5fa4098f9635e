using System.Runtime.InteropServices;

namespace PsGpt.Data;

/// <summary>Shows whether a run continues with the text that it began with, without reading all of it.</summary>
/// <param name="TrainingCount">The number of ids to learn from.</param>
/// <param name="ValidationCount">The number of ids held out.</param>
/// <param name="Checksum">The CRC-32C of ids from all over the text.</param>
public sealed record DatasetFingerprint(long TrainingCount, long ValidationCount, uint Checksum)
{
    private const int SampleCount = 64;
    private const int SampleLength = 256;

    /// <summary>The fingerprint of a dataset.</summary>
    public static DatasetFingerprint Of(TokenDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        using var checksum = new ChecksumStream(Stream.Null);
        AddSamples(dataset.Training, checksum);
        AddSamples(dataset.Validation, checksum);
        return new DatasetFingerprint(dataset.Training.Count, dataset.Validation.Count, checksum.Checksum);
    }

    /// <summary>Parts at equal distances, the first from the start, the last up to the end.</summary>
    private static void AddSamples(ITokenSource tokens, ChecksumStream checksum)
    {
        var ids = new int[Math.Min(SampleLength, tokens.Count)];
        for (var i = 0L; i < SampleCount; i++)
        {
            tokens.CopyTo((tokens.Count - ids.Length) * i / (SampleCount - 1), ids);
            checksum.Write(MemoryMarshal.AsBytes(ids.AsSpan()));
        }
    }
}
