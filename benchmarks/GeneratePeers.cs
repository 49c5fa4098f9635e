using PsGpt.Benchmarks.Peers;
using PsGpt.Formats;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Benchmarks;

/// <summary>Other programs that complete with the same sizes of models, in turn with PsGpt, where their paths are given.</summary>
internal static class GeneratePeers
{
    private const int Turns = 5;

    private static readonly WeightDataType[] Types = [WeightDataType.Float32, WeightDataType.BFloat16, WeightDataType.Q8_0];

    /// <param name="model">GPT-2 124M in float32.</param>
    public static void Compare(GptModel model, IKernels kernels, BenchmarkReport report, BenchmarkArguments arguments)
    {
        var threads = kernels.Team.ThreadCount;
        double[] ggmlBars = [1, 0.9, 0.9];
        foreach (var (i, path) in arguments.GgmlModels.Index())
        {
            var program = arguments.GgmlProgram!;
            var isWide = Types[i] == WeightDataType.Float32;
            Compare(
                "ggml", model, Types[i], kernels, ggmlBars[i], isWide ? 0.3 : null, report,
                decoder => GenerateBenchmark.TokenTimes(decoder, GgmlPeer.TokenCount).Average(),
                () => (GgmlPeer.MeasureToken(program, path, threads), GgmlPeer.MeasurePrompt(program, path, threads)));
        }

        if (arguments.NodeFolder is not { } folder)
            return;
        var file = Path.Combine(Path.GetTempPath(), $"psgpt-{Environment.ProcessId}.gguf");
        try
        {
            foreach (var type in Types)
            {
                ModelFile.Write(model, file, "gguf", type, overwrite: true);
                Compare(
                    "llama.cpp", model, type, kernels, type == WeightDataType.Q8_0 ? 0.6 : null, promptBar: null, report,
                    decoder => Timing.Median(GenerateBenchmark.TokenTimes(decoder, NodePeer.TokenCount)),
                    () => NodePeer.MeasureLlama(folder, file, threads));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A token and a prompt of 512, a turn of each program after the other.</summary>
    /// <param name="tokenTime">Takes the same mean or median of as many tokens as the peer gives.</param>
    private static void Compare(
        string peer, GptModel model, WeightDataType type, IKernels kernels, double? tokenBar, double? promptBar, BenchmarkReport report,
        Func<GptDecoder, double> tokenTime, Func<(double Token, double Prompt)> measure)
    {
        using var narrow = NarrowModel.Of(model, type);
        using var decoder = new GptDecoder(narrow, kernels);
        GenerateBenchmark.PromptTime(decoder);
        var (tokens, prompts) = (new double[Turns], new double[Turns]);
        var (theirTokens, theirPrompts) = (new double[Turns], new double[Turns]);
        for (var turn = 0; turn < Turns; turn++)
        {
            (theirTokens[turn], theirPrompts[turn]) = measure();
            tokens[turn] = tokenTime(decoder) / theirTokens[turn];
            prompts[turn] = GenerateBenchmark.PromptTime(decoder) / theirPrompts[turn];
        }

        Console.WriteLine(
            $"{peer}, {type}: {Timing.Median(theirTokens):0.0} ms a token, {Timing.Median(theirPrompts):0} ms for a prompt of 512");
        report.Add(new($"124M, {type}, a token", Timing.Median(tokens), $"x {peer}", tokenBar));
        report.Add(new($"124M, {type}, a prompt of 512", Timing.Median(prompts), $"x {peer}", promptBar));
    }
}
