using System.Text;
using PsGpt.Benchmarks.Peers;
using PsGpt.Samples;
using PsGpt.Tokenization;

namespace PsGpt.Benchmarks;

/// <summary>Encoding a text with one thread and with all, in turn, beside tiktoken where it is there.</summary>
internal static class TokenizerBenchmark
{
    private const int Turns = 9;

    /// <summary>Too short for several threads.</summary>
    private const int ShortPart = 1 << 16;

    /// <param name="textPath">A text file; null takes sample stories.</param>
    /// <param name="nodeFolder">A folder whose node_modules have tiktoken; may be null.</param>
    public static void Run(string? textPath, string? nodeFolder, BenchmarkReport report)
    {
        var text = textPath is null ? string.Join('\n', SampleText.Generate(count: 4000, seed: 1)) : File.ReadAllText(textPath);
        var (tokenizer, megabytes) = (TokenizerCatalog.Gpt2, Encoding.UTF8.GetByteCount(text) / 1e6);
        var (ones, ratios) = (new double[Turns], new double[Turns]);
        var tokens = new List<int>();
        for (var turn = -2; turn < Turns; turn++)
        {
            var one = Timing.Milliseconds(() => Encode(tokenizer, text, ShortPart, tokens));
            var all = Timing.Milliseconds(() => Encode(tokenizer, text, text.Length, tokens));
            if (turn >= 0)
                (ones[turn], ratios[turn]) = (one, one / all);
        }

        var speed = megabytes / Timing.Median(ones) * 1e3;
        report.Add(new("gpt2, one thread", speed, "MB/s", 20, IsCeiling: false));
        report.Add(new("gpt2, all threads", Timing.Median(ratios), "x one thread"));
        if (nodeFolder is not null && textPath is not null)
            report.Add(new("gpt2, one thread", speed / NodePeer.MeasureTiktoken(nodeFolder, textPath), "x tiktoken"));
    }

    private static void Encode(Tokenizer tokenizer, string text, int partLength, List<int> tokens)
    {
        tokens.Clear();
        var encoder = new IncrementalEncoder(tokenizer);
        for (var start = 0; start < text.Length; start += partLength)
            encoder.Append(text.AsSpan(start, Math.Min(partLength, text.Length - start)), tokens);
        encoder.Finish(tokens);
    }
}
