using System.Diagnostics;

namespace PsGpt.Benchmarks.Peers;

/// <summary>Runs a peer and reads the times of its steps from its output.</summary>
internal static class PeerProcess
{
    private const int WarmUpSteps = 2;
    private const int Steps = 5;

    /// <param name="start">The program and its arguments. <c>OMP_NUM_THREADS</c> asks for as many threads as PsGpt has.</param>
    /// <param name="threadCount">That number.</param>
    /// <param name="readMilliseconds">The time that a line of output tells, or null.</param>
    public static double MedianStep(ProcessStartInfo start, int threadCount, Func<string, double?> readMilliseconds)
    {
        start.RedirectStandardOutput = true;
        start.Environment["OMP_NUM_THREADS"] = $"{threadCount}";
        using var process = Process.Start(start)!;
        var times = new List<double>();
        while (times.Count < WarmUpSteps + Steps && process.StandardOutput.ReadLine() is { } line)
        {
            if (readMilliseconds(line) is { } milliseconds)
                times.Add(milliseconds);
        }

        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        if (times.Count < WarmUpSteps + Steps)
            throw new InvalidOperationException($"'{start.FileName}' did {times.Count} steps and ended: see what it wrote.");
        return times.Skip(WarmUpSteps).Order().ElementAt(Steps / 2);
    }
}
