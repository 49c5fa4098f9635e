using PsGpt.Hub;

namespace PsGpt.Commands;

/// <summary>The progress bar of a download: one after the other for each file of a model.</summary>
internal sealed class DownloadProgress(GptCmdlet cmdlet, HubName name) : IProgress<HubProgress>, IDisposable
{
    private string? file;
    private ProgressReport? report;

    /// <inheritdoc/>
    public void Report(HubProgress value)
    {
        if (value.FileName != file)
        {
            Dispose();
            file = value.FileName;

            // What an earlier download left took no time of this one.
            report = new ProgressReport(cmdlet, $"Downloading {name}: {file}", isOftenShort: true, alreadyDone: Share(value));
        }

        report!.Update(Share(value), () => Describe(value));
    }

    /// <inheritdoc/>
    public void Dispose() => report?.Dispose();

    private static double Share(HubProgress value) => value.TotalBytes == 0 ? 0 : (double)value.DoneBytes / value.TotalBytes;

    private static string Describe(HubProgress value) => value.Phase switch
    {
        HubPhase.Downloading => $"{value.DoneBytes / 1e6:N0} of {value.TotalBytes / 1e6:N0} MB",
        HubPhase.Retrying when value.TotalBytes == 0 => "The hub does not answer, trying again",
        HubPhase.Retrying => $"The connection was lost after {value.DoneBytes / 1e6:N0} of {value.TotalBytes / 1e6:N0} MB, trying again",
        HubPhase.WaitingForOther => "Another process downloads it, waiting for that",
        HubPhase.Verifying => "Comparing with the checksum",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.Phase, null),
    };
}
