using PsGpt.Benchmarks.Peers;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Benchmarks;

/// <summary>Other programs that complete with the same sizes of models, where their paths are given.</summary>
internal static class GeneratePeers
{
    private static readonly WeightDataType[] Types = [WeightDataType.Float32, WeightDataType.BFloat16, WeightDataType.Q8_0];

    /// <param name="model">GPT-2 124M.</param>
    /// <param name="tokens">Our milliseconds of a token in each type.</param>
    /// <param name="prompt">Our milliseconds of a prompt of 512 tokens in float32.</param>
    public static void Compare(
        GptModel model, IReadOnlyList<double> tokens, double prompt, int threadCount, BenchmarkReport report, BenchmarkArguments arguments)
    {
        double[] ggmlBars = [1, 0.9, 0.9];
        foreach (var (i, path) in arguments.GgmlModels.Index())
        {
            var theirs = GgmlPeer.MeasureToken(arguments.GgmlProgram!, path, threadCount);
            Console.WriteLine($"ggml, {Path.GetFileName(path)}: {theirs:0.0} ms a token");
            report.Add(new($"124M, {Types[i]}, a token", tokens[i] / theirs, "x ggml", ggmlBars[i]));
        }

        if (arguments.NodeFolder is not { } folder)
            return;
        var file = Path.Combine(Path.GetTempPath(), $"psgpt-{Environment.ProcessId}.gguf");
        try
        {
            foreach (var (i, type) in Types.Index())
            {
                ModelFile.Write(model, file, "gguf", type, overwrite: true);
                var (token, theirPrompt) = NodePeer.MeasureLlama(folder, file, threadCount);
                Console.WriteLine($"llama.cpp, {type}: {token:0.0} ms a token, {theirPrompt:0} ms for a prompt of 512");
                report.Add(new($"124M, {type}, a token", tokens[i] / token, "x llama.cpp", type == WeightDataType.Q8_0 ? 0.6 : null));
                if (type == WeightDataType.Float32)
                    report.Add(new($"124M, {type}, a prompt of 512", prompt / theirPrompt, "x llama.cpp"));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }
}
