using System.Diagnostics;

namespace PsGpt.Benchmarks;

/// <summary>Measures an action: one call to warm up, then the median of many, since machines are noisy.</summary>
internal static class Timing
{
    /// <summary>The median of the given number of calls, in milliseconds.</summary>
    public static double MedianMilliseconds(int runs, Action action)
    {
        action();
        var times = new double[runs];
        for (var run = 0; run < runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            times[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[runs / 2];
    }
}
