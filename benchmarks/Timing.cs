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

        return Median(times);
    }

    /// <summary>
    /// The median of the given number of calls after one to warm up, and that of the multiply-add peak measured before each of them:
    /// what a shared machine gives at the time hits both, and their ratio stays what it is.
    /// </summary>
    /// <returns>Milliseconds, and GFLOP/s.</returns>
    public static (double Milliseconds, double Peak) MediansWithPeak(int runs, ThreadTeam team, string kernelName, Action action)
    {
        action();
        var (times, peaks) = (new double[runs], new double[runs]);
        for (var run = 0; run < runs; run++)
            (peaks[run], times[run]) = (MultiplyAddPeak.Measure(team, kernelName), Milliseconds(action));

        return (Median(times), Median(peaks));
    }

    /// <summary>The middle one of an odd number of values.</summary>
    public static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    /// <summary>One call, in milliseconds.</summary>
    public static double Milliseconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
