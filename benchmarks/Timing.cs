using System.Diagnostics;
using PsGpt.Kernels;
using PsGpt.Kernels.Threading;

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
    /// The median of the given number of calls after one to warm up, with the medians of the multiply-add peak and of the rate that
    /// multiply-adds sustain for as long as a call. Both are measured before each call: a slow minute of a shared machine slows all three,
    /// and their ratios stay.
    /// </summary>
    public static Measurement MediansWithPeak(int runs, ThreadTeam team, string kernelName, Action action)
    {
        action();
        var (times, peaks, sustained) = (new double[runs], new double[runs], new double[runs]);
        for (var run = 0; run < runs; run++)
        {
            peaks[run] = PeakFlops.Measure(team, kernelName);
            sustained[run] = PeakFlops.MeasureSustained(team, kernelName, times[Math.Max(0, run - 1)]);
            times[run] = Milliseconds(action);
        }

        return new Measurement(Median(times), Median(peaks), Median(sustained));
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
