using System.Diagnostics;
using System.Globalization;

namespace PsGpt.Benchmarks.Peers;

/// <summary>Programs of other people that npm installs, run by node in a folder that has them in its node_modules.</summary>
internal static class NodePeer
{
    /// <summary>The tokens of llama.cpp whose median is taken.</summary>
    public const int TokenCount = 32;

    /// <summary>tiktoken's gpt2 over a text, in megabytes a second.</summary>
    public static double MeasureTiktoken(string folder, string textPath) =>
        Run(folder, "tiktoken_encode.mjs", Path.GetFullPath(textPath))[0];

    /// <summary>
    /// llama.cpp (node-llama-cpp) with a GGUF file: the milliseconds of a token after a prompt of 16, and of a prompt of 512.
    /// </summary>
    public static (double Token, double Prompt) MeasureLlama(string folder, string modelPath, int threadCount)
    {
        var times = Run(folder, "llama_generate.mjs", modelPath, $"{threadCount}");
        return (times[0], times[1]);
    }

    /// <summary>The numbers of the last line that a script writes.</summary>
    private static double[] Run(string folder, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Peers", script), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{script}' ended with {process.ExitCode}: see what it wrote.");
        return [.. output.Split('\n')[^1].Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }
}
