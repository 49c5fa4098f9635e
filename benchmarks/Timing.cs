using System.Diagnostics;
using PsGpt.Kernels;

namespace PsGpt.Benchmarks;

/// <summary>Measures an action.</summary>
internal static class Timing
{
    /// <summary>The median of the given number of calls after one to warm up, in milliseconds: machines are noisy.</summary>
    public static double MedianMilliseconds(int runs, Action action)
    {
        action();
        var times = new double[runs];
        for (var run = 0; run < runs; run++)
            times[run] = Milliseconds(action);

        Array.Sort(times);
        return times[runs / 2];
    }

    /// <summary>
    /// The multiply-add peak, the best of some seconds: on a shared machine two threads may reach that of one for a while, and shares
    /// of half the peak would look twice as good.
    /// </summary>
    public static double Peak(ThreadTeam team, string kernelName) =>
        Enumerable.Range(0, 40).Max(_ => MultiplyAddPeak.Measure(team, kernelName));

    /// <summary>One call, in milliseconds.</summary>
    public static double Milliseconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
