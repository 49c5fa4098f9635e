namespace PsGpt.Unit.Hub;

/// <summary>
/// A clock whose waits are over at once; it remembers how long they would have been. Only what is to wait for <see cref="Patience"/> or
/// longer, for an answer, does so until it is told otherwise, however busy the machine is.
/// </summary>
internal sealed class ImpatientClock : TimeProvider
{
    private ITimer? patience;

    /// <summary>Longer than any wait between attempts.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromHours(1);

    public List<TimeSpan> Waits { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= Patience)
            return patience = System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        Waits.Add(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    /// <summary>The last answer that was waited for has taken too long.</summary>
    public void LosePatience() => patience!.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
}
