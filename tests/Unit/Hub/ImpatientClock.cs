namespace PsGpt.Unit.Hub;

/// <summary>A clock whose waits are over at once; it remembers how long they would have been.</summary>
internal sealed class ImpatientClock : TimeProvider
{
    public List<TimeSpan> Waits { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Add(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
