namespace PsGpt.Plugins;

/// <summary>
/// Watches how the managed heap grows while a plug-in runs. Where it grows by more than is allowed, the plug-in meets a
/// <see cref="HeapLimit"/>. .NET tells no other thread what one allocates, so this is the growth of the whole process.
/// </summary>
/// <param name="most">The bytes that are allowed; at most half of the memory that there is.</param>
internal sealed class HeapWatch(long most) : IDisposable
{
    /// <summary>The time between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private long least = long.MaxValue;
    private bool isOver;

    /// <summary>The bytes that are allowed.</summary>
    public long Most { get; } = Math.Min(most, HeapLimit.AvailableBytes / 2);

    /// <summary>Whether the heap has grown by more than is allowed.</summary>
    public bool IsExceeded { get; private set; }

    /// <summary>Looks at the heap, which is first done after an interval: most calls are over by then, and cost nothing.</summary>
    /// <returns><see cref="IsExceeded"/>.</returns>
    public bool Look()
    {
        lock (gate)
        {
            var bytes = GC.GetTotalMemory(forceFullCollection: false);

            // What was there before may be garbage, which a collection meanwhile has taken away.
            least = Math.Min(least, bytes);
            if (isOver || IsExceeded || bytes - least <= Most)
                return IsExceeded;

            // Much of the growth may be garbage too.
            GC.Collect();
            if (GC.GetTotalMemory(forceFullCollection: false) - least > Most)
            {
                IsExceeded = true;
                HeapLimit.Set();
            }

            return IsExceeded;
        }
    }

    /// <summary>Ends the watch, when the plug-in has returned.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (IsExceeded && !isOver)
                HeapLimit.Lift();
            isOver = true;
        }
    }
}
