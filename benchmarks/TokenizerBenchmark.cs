using System.Text;
using PsGpt.Benchmarks.Peers;
using PsGpt.Samples;
using PsGpt.Tokenization;

namespace PsGpt.Benchmarks;

/// <summary>Encoding a text, all at once and as two halves on two threads, beside tiktoken where it is there.</summary>
internal static class TokenizerBenchmark
{
    private const int Turns = 9;

    /// <param name="textPath">A text file; null takes sample stories.</param>
    /// <param name="nodeFolder">A folder whose node_modules have tiktoken; may be null.</param>
    public static void Run(string? textPath, string? nodeFolder, BenchmarkReport report)
    {
        var text = textPath is null ? string.Join('\n', SampleText.Generate(count: 4000, seed: 1)) : File.ReadAllText(textPath);
        var (tokenizer, megabytes) = (TokenizerCatalog.Gpt2, Encoding.UTF8.GetByteCount(text) / 1e6);
        string[] halves = [text[..(text.Length / 2)], text[(text.Length / 2)..]];
        double one = 0, two = 0;
        var (ones, ratios) = (new double[Turns], new double[Turns]);
        for (var turn = -2; turn < Turns; turn++)
        {
            one = Timing.Milliseconds(() => tokenizer.Encode(text));
            two = Timing.Milliseconds(() => Parallel.ForEach(halves, half => tokenizer.Encode(half)));
            if (turn >= 0)
                (ones[turn], ratios[turn]) = (one, one / two);
        }

        var speed = megabytes / Timing.Median(ones) * 1e3;
        report.Add(new("gpt2, one thread", speed, "MB/s", 20, IsCeiling: false));
        report.Add(new("gpt2, two halves on two threads", Timing.Median(ratios), "x one thread"));
        if (nodeFolder is not null && textPath is not null)
            report.Add(new("gpt2, one thread", speed / NodePeer.MeasureTiktoken(nodeFolder, textPath), "x tiktoken"));
    }
}
