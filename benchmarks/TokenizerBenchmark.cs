using PsGpt.Benchmarks.Peers;
using PsGpt.Data;
using PsGpt.Samples;
using PsGpt.Tokenization;

namespace PsGpt.Benchmarks;

/// <summary>Encoding a file on one thread and on all, beside tiktoken where it is there.</summary>
internal static class TokenizerBenchmark
{
    private const int Turns = 9;

    // A file as large as this shows how threads share it.
    private const int MinimumLength = 1 << 23;

    /// <param name="textPath">A text file, repeated until it is long; null takes sample stories.</param>
    /// <param name="nodeFolder">A folder whose node_modules have tiktoken; may be null.</param>
    /// <param name="threadCount">The threads of the engine.</param>
    public static void Run(string? textPath, string? nodeFolder, int threadCount, BenchmarkReport report)
    {
        var text = textPath is null ? string.Join('\n', SampleText.Generate(count: 4000, seed: 1)) : File.ReadAllText(textPath);
        var path = Path.Combine(Path.GetTempPath(), $"psgpt-{Environment.ProcessId}.txt");
        try
        {
            File.WriteAllText(path, string.Join('\n', Enumerable.Repeat(text, 1 + (MinimumLength / text.Length))));
            var (ones, ratios) = (new double[Turns], new double[Turns]);
            for (var turn = -2; turn < Turns; turn++)
            {
                var one = Timing.Milliseconds(() => Encode(path, onAllThreads: false));
                var all = Timing.Milliseconds(() => Encode(path, onAllThreads: true));
                if (turn >= 0)
                    (ones[turn], ratios[turn]) = (one, one / all);
            }

            var speed = new FileInfo(path).Length / 1e6 / Timing.Median(ones) * 1e3;
            report.Add(new("gpt2, a file on one thread", speed, "MB/s", 20, IsCeiling: false));
            report.Add(new($"gpt2, a file on {threadCount} threads", Timing.Median(ratios), "x one thread"));
            if (nodeFolder is not null && textPath is not null)
                report.Add(new("gpt2, a file on one thread", speed / NodePeer.MeasureTiktoken(nodeFolder, textPath), "x tiktoken"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Encode(string path, bool onAllThreads)
    {
        var encoder = new IncrementalEncoder(TokenizerCatalog.Gpt2, onAllThreads: onAllThreads);
        List<int> ids = [];
        foreach (var piece in TextFile.Read(path))
        {
            ids.Clear();
            encoder.Append(piece.Span, ids);
        }

        encoder.Finish(ids);
    }
}
