namespace PsGpt.Unit;

/// <summary>What a call allocates on the managed heap.</summary>
internal static class Allocation
{
    /// <summary>The median of many calls: the runtime itself allocates a little where it compiles a method anew.</summary>
    public static long Of(Action call) => Enumerable.Range(0, 99).Select(_ => Once(call)).Order().ElementAt(49);

    private static long Once(Action call)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
