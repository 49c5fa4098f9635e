using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>
/// The progress bar of one cmdlet: at most a few updates a second, the remaining time estimated from the share that is done,
/// and a last update that takes it away.
/// </summary>
/// <param name="cmdlet">The cmdlet that shows it.</param>
/// <param name="activity">The work, such as <c>Training story</c>.</param>
/// <param name="isOftenShort">Work that is usually over in a moment shows no bar in that moment: it would only flicker.</param>
/// <param name="alreadyDone">The share that was done before; it does not count for the estimate of the rest.</param>
internal sealed class ProgressReport(Cmdlet cmdlet, string activity, bool isOftenShort = false, double alreadyDone = 0) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static int lastId;

    private readonly int id = Interlocked.Increment(ref lastId);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private bool isShown;
    private TimeSpan next = isOftenShort ? Interval : TimeSpan.Zero;

    /// <summary>Shows the progress of the work, unless the last update was just now.</summary>
    /// <param name="done">The share that is done, 0 to 1.</param>
    /// <param name="status">The progress in words. Asked for only when it is shown.</param>
    public void Update(double done, Func<string> status)
    {
        var now = clock.Elapsed;
        if (now < next)
            return;
        next = now + Interval;
        isShown = true;
        cmdlet.WriteProgress(new ProgressRecord(id, activity, status())
        {
            PercentComplete = (int)Math.Clamp(done * 100, 0, 100),
            SecondsRemaining = done > alreadyDone ? (int)Math.Min(now.TotalSeconds * (1 - done) / (done - alreadyDone), int.MaxValue) : -1,
        });
    }

    /// <summary>Shows shares, 0 to 1, that the cmdlet's own thread reports.</summary>
    public IProgress<double> Shares => new ShareListener(this);

    /// <summary>Takes the bar away, where there is one; also where the work has failed.</summary>
    public void Dispose()
    {
        if (isShown)
            cmdlet.WriteProgress(new ProgressRecord(id, activity, "Done") { RecordType = ProgressRecordType.Completed });
        isShown = false;
    }

    private sealed class ShareListener(ProgressReport report) : IProgress<double>
    {
        public void Report(double value) => report.Update(value, () => string.Create(CultureInfo.CurrentCulture, $"{value:P0}"));
    }
}
