namespace PsGpt.Plugins;

/// <summary>
/// A limit for the managed heap, a little above its size: code that continues to allocate gets an <see cref="OutOfMemoryException"/>
/// before the system ends the process. Safe to use from several threads.
/// </summary>
internal static class HeapLimit
{
    private const string Setting = "GCHeapHardLimit";
    private const long SmallestRoom = 64 << 20;
    private const int Attempts = 10;

    private static readonly Lock Gate = new();
    private static int userCount;

    // Whoever has set a limit already keeps it.
    private static long restingLimit = AppContext.GetData(Setting) is ulong bytes ? (long)bytes : 0;

    /// <summary>The bytes that .NET may use on this machine, or in this container, whatever limit is set here.</summary>
    public static long AvailableBytes { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Sets the limit, until <see cref="Lift"/> is called as often.</summary>
    public static void Set()
    {
        lock (Gate)
        {
            userCount++;

            // The heap grows meanwhile, and .NET refuses a limit below what it has committed.
            var room = SmallestRoom;
            for (var i = 0; i < Attempts && !TrySet(GC.GetTotalMemory(forceFullCollection: false) + room); i++)
                room *= 2;
        }
    }

    /// <summary>Removes the limit, when its last user has ended.</summary>
    public static void Lift()
    {
        lock (Gate)
        {
            if (--userCount == 0)
                TrySet(restingLimit);
        }
    }

    /// <summary>
    /// From now on leaves half of the memory to others and to native memory: a thread that cannot be ended may allocate without end.
    /// </summary>
    public static void Keep()
    {
        lock (Gate)
        {
            restingLimit = AvailableBytes / 2;
            if (userCount == 0)
                TrySet(restingLimit);
        }
    }

    private static bool TrySet(long bytes)
    {
        try
        {
            AppContext.SetData(Setting, (ulong)bytes);
            GC.RefreshMemoryLimit();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
