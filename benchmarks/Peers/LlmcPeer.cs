using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using PsGpt.Data;
using PsGpt.Formats;
using PsGpt.Formats.TokenFiles;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Benchmarks.Peers;

/// <summary>llm.c's <c>train_gpt2</c>, in a folder with the files that it expects: the weights do not matter for the time.</summary>
internal sealed partial class LlmcPeer : IPeer, IDisposable
{
    private readonly string program;
    private readonly int threadCount;
    private readonly string folder = Directory.CreateTempSubdirectory("psgpt-llmc-").FullName;

    public LlmcPeer(string program, int threadCount)
    {
        (this.program, this.threadCount) = (Path.GetFullPath(program), threadCount);
        using (var model = ModelInitializer.Create(Models.Gpt2, tokenizer: null, seed: 1))
            ModelFile.Write(model, Path.Combine(folder, "gpt2_124M.bin"), "llm.c");
        var data = Directory.CreateDirectory(Path.Combine(folder, "dev", "data", "tinyshakespeare")).FullName;
        var random = new RandomStream(1);
        int[] tokens = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextInt32(Models.Gpt2.VocabularySize))];
        foreach (var split in new[] { "train", "val" })
        {
            using var file = new TokenShardWriter(Path.Combine(data, $"tiny_shakespeare_{split}.bin"), "llm.c");
            file.Write(new TokenSequence(tokens, TokenizerCatalog.Gpt2));
            file.Complete();
        }
    }

    public string Name => "llm.c";

    public double Bar => 0.22;

    public double MeasureStep() => PeerProcess.MedianStep(
        new ProcessStartInfo(program) { WorkingDirectory = folder }, threadCount,
        line =>
            StepTime().Match(line) is { Success: true } match
                ? double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
                : null);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [GeneratedRegex(@"^step \d+: train loss .*\(took ([\d.]+) ms\)")]
    private static partial Regex StepTime();
}
