using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PsGpt.Benchmarks.Peers;

/// <summary>ggml's example gpt-2 with a model in its own format: random weights will do for the time.</summary>
internal static partial class GgmlPeer
{
    /// <summary>The milliseconds of a token, over which its figure spreads the prompt of some words too.</summary>
    public static double MeasureToken(string program, string modelPath, int threadCount)
    {
        var start = new ProcessStartInfo(
            Path.GetFullPath(program), ["-m", Path.GetFullPath(modelPath), "-p", "the", "-n", "48", "-t", $"{threadCount}", "-s", "1"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return PredictTime().Match(output) is { Success: true } match
            ? double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"'{program}' gave no time of a token: see what it wrote.");
    }

    [GeneratedRegex(@"predict time = +[\d.]+ ms / ([\d.]+) ms per token")]
    private static partial Regex PredictTime();
}
