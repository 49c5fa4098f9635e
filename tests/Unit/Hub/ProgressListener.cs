using PsGpt.Hub;

namespace PsGpt.Unit.Hub;

/// <summary>Calls a test at each report, on the thread that reports.</summary>
internal sealed class ProgressListener(Action<HubProgress> action) : IProgress<HubProgress>
{
    public void Report(HubProgress value) => action(value);
}
