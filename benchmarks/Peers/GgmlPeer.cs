using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PsGpt.Benchmarks.Peers;

/// <summary>ggml's example gpt-2 with a model in its own format: random weights will do for the time.</summary>
internal static partial class GgmlPeer
{
    /// <summary>The tokens whose mean is taken.</summary>
    public const int TokenCount = 48;

    /// <summary>The milliseconds of a token, over which its figure spreads the prompt of one token too.</summary>
    public static double MeasureToken(string program, string modelPath, int threadCount) =>
        Run(program, modelPath, threadCount, "the", TokenCount).PerToken;

    /// <summary>The milliseconds of a prompt of 512 tokens, all in one batch.</summary>
    public static double MeasurePrompt(string program, string modelPath, int threadCount) =>
        Run(program, modelPath, threadCount, "the" + string.Concat(Enumerable.Repeat(" the", 511)), tokenCount: 1).Total;

    private static (double Total, double PerToken) Run(string program, string modelPath, int threadCount, string prompt, int tokenCount)
    {
        var start = new ProcessStartInfo(
            Path.GetFullPath(program),
            ["-m", Path.GetFullPath(modelPath), "-p", prompt, "-n", $"{tokenCount}", "-t", $"{threadCount}", "-b", "512", "-s", "1"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return PredictTime().Match(output) is { Success: true } match
            ? (Number(match.Groups[1]), Number(match.Groups[2]))
            : throw new InvalidOperationException($"'{program}' gave no time of a token: see what it wrote.");
    }

    private static double Number(Group group) => double.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"predict time = +([\d.]+) ms / ([\d.]+) ms per token")]
    private static partial Regex PredictTime();
}
