using PsGpt.Formats;
using PsGpt.Kernels;
using PsGpt.Kernels.Threading;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Benchmarks;

/// <summary>
/// Completion with GPT-2 124M of random weights and with the built-in model: each figure in turn with what it is compared with.
/// </summary>
internal static class GenerateBenchmark
{
    private const int Turns = 9;
    private const int PromptLength = 16;
    private const int LongPromptLength = 512;

    public static void Run(IKernels kernels, BenchmarkReport report, BenchmarkArguments arguments)
    {
        using (var model = ModelInitializer.Create(Models.Gpt2, TokenizerCatalog.Gpt2, seed: 1))
        {
            MeasureToken(model, kernels, 1.15, report);
            foreach (var (type, bar) in new[] { (WeightDataType.BFloat16, 1.25), (WeightDataType.Q8_0, 1.4) })
            {
                using var narrow = NarrowModel.Of(model, type);
                MeasureToken(narrow, kernels, bar, report);
                MeasurePrompt(narrow, kernels, bar: null, report);
            }

            MeasurePrompt(model, kernels, bar: 75, report);
            MeasureStreams(model, kernels, report);
            foreach (var type in new[] { WeightDataType.Float32, WeightDataType.BFloat16, WeightDataType.Q8_0 })
                MeasurePosition(model, kernels, type, report);
            GeneratePeers.Compare(model, kernels, report, arguments);
        }

        MeasureBuiltIn(kernels, report);
    }

    /// <summary>A token after a short prompt, and one reading of the weights' bytes.</summary>
    private static void MeasureToken(GptModel model, IKernels kernels, double bar, BenchmarkReport report)
    {
        using var decoder = new GptDecoder(model, kernels);
        decoder.Append(Ids(PromptLength));
        decoder.Append([1]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        decoder.Append([1]);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var (tokens, reads, ratios) = (new double[Turns], new double[Turns], new double[Turns]);
        for (var turn = 0; turn < Turns; turn++)
        {
            reads[turn] = ModelFootprint.Of(model, measureMemory: true).MillisecondsPerToken!.Value;
            tokens[turn] = TokenTimes(decoder, 8).Average();
            ratios[turn] = tokens[turn] / reads[turn];
        }

        var name = $"124M, {model.DataType}, a token after {PromptLength}";
        Console.WriteLine($"{name}: {Timing.Median(tokens):0.0} ms, one reading {Timing.Median(reads):0.0} ms");
        report.Add(new(name, Timing.Median(tokens), "ms"));
        report.Add(new(name, Timing.Median(ratios), "x one reading", bar));
        report.Add(new($"{name}, managed memory", allocated, "B", 0));
    }

    /// <summary>The milliseconds of each of some tokens after a short prompt.</summary>
    public static double[] TokenTimes(GptDecoder decoder, int count)
    {
        decoder.Reset();
        decoder.Append(Ids(PromptLength));
        var times = new double[count];
        foreach (ref var time in times.AsSpan())
            time = Timing.Milliseconds(() => decoder.Append([1]));
        return times;
    }

    /// <summary>The milliseconds of a prompt of 512 tokens.</summary>
    public static double PromptTime(GptDecoder decoder)
    {
        decoder.Reset();
        var ids = Ids(LongPromptLength);
        return Timing.Milliseconds(() => decoder.Append(ids));
    }

    /// <summary>A prompt of 512 tokens, as a share of the multiply-add peak.</summary>
    private static void MeasurePrompt(GptModel model, IKernels kernels, double? bar, BenchmarkReport report)
    {
        using var decoder = new GptDecoder(model, kernels);
        var measurement = Timing.MediansWithPeak(5, kernels.Team, kernels.Name, () => PromptTime(decoder));
        var name = $"124M, {model.DataType}, a prompt of {LongPromptLength}";
        var operations = GigaOperations(model.Configuration, LongPromptLength);
        report.Add(new(name, measurement.Milliseconds, "ms"));
        report.Add(new(name, 100 * measurement.PeakShare(operations), "% of the peak", bar, IsCeiling: false));
        report.Add(new(name, 100 * measurement.SustainedShare(operations), "% of the sustained rate"));
    }

    /// <summary>A token of each of eight streams against one.</summary>
    private static void MeasureStreams(GptModel model, IKernels kernels, BenchmarkReport report)
    {
        int[] streams = [.. Enumerable.Range(0, 8)];
        using var decoder = new GptDecoder(model, kernels, streams.Length);
        foreach (var stream in streams)
            decoder.Append(stream, Ids(PromptLength));
        var ratios = Ratios(() => decoder.Step(streams.AsSpan(0, 1), [1]), () => decoder.Step(streams, Ids(streams.Length)));
        report.Add(new("124M, Float32, eight streams", streams.Length / ratios, "x one stream", 5, IsCeiling: false));
    }

    /// <summary>A token late in the context against an early one.</summary>
    private static void MeasurePosition(GptModel model, IKernels kernels, WeightDataType cacheType, BenchmarkReport report)
    {
        using var decoder = new GptDecoder(model, kernels, 2, cacheType);
        decoder.Append(0, Ids(PromptLength));
        decoder.Append(1, Ids(1000));
        var ratio = Ratios(() => decoder.Step([0], [1]), () => decoder.Step([1], [1]));
        report.Add(new($"124M, Float32, position 1000, {cacheType} cache", ratio, "x position 16", 1.15));
    }

    /// <summary>A token of the built-in model with all threads against one.</summary>
    private static void MeasureBuiltIn(IKernels kernels, BenchmarkReport report)
    {
        using var model = BuiltInModel.Load();
        using var all = new GptDecoder(model, kernels);
        var single = new ThreadTeam(threadCount: 1);
        using var alone = new GptDecoder(model, kernels.On(single));

        // A small model decodes on one thread with either, which no busy neighbour can make slower than one thread: the ratio is noise.
        var ratio = Ratios(() => Complete(all), () => Complete(alone), turns: 201);
        report.Add(new("built-in model, one thread against all", ratio, "x"));
        MeasureIdeal(model, alone, single, report);
    }

    /// <summary>
    /// A token with one thread, and one reading of the weights by that thread, from the caches that hold them: no token takes less.
    /// </summary>
    private static unsafe void MeasureIdeal(GptModel model, GptDecoder decoder, ThreadTeam team, BenchmarkReport report)
    {
        const int Readings = 64, Samples = 51;
        var block = model.Storage.Block;
        var length = block.Length - model.Storage[ParameterNames.PositionEmbedding].Length;
        var (tokens, ratios) = (new double[Samples], new double[Samples]);
        for (var sample = 0; sample < Samples; sample++)
        {
            var reading = 0.0;
            for (var i = 0; i < Readings; i++)
                reading += MemoryRate.ReadSeconds(team, block.Pointer, length) / Readings * 1e6;
            tokens[sample] = Timing.Milliseconds(() => Complete(decoder)) / 64 * 1e3;
            ratios[sample] = reading / tokens[sample];
        }

        report.Add(new("built-in model, a token with one thread", Timing.Median(tokens), "us"));
        report.Add(new("built-in model, one thread's reading", Timing.Median(ratios), "x its token", 0.8, IsCeiling: false));
    }

    private static void Complete(GptDecoder decoder)
    {
        decoder.Reset();
        Append(decoder, 64);
    }

    private static void Append(GptDecoder decoder, int count)
    {
        for (var i = 0; i < count; i++)
            decoder.Append([1]);
    }

    /// <summary>The median of the second time over the first, measured in turn.</summary>
    /// <remarks>Each goes first in every other turn: a first call may be slower than a second.</remarks>
    private static double Ratios(Action first, Action second, int turns = Turns)
    {
        first();
        second();
        var ratios = new double[turns];
        for (var turn = 0; turn < turns; turn++)
        {
            var (before, after) = turn % 2 == 0 ? (first, second) : (second, first);
            var (one, other) = (Timing.Milliseconds(before), Timing.Milliseconds(after));
            ratios[turn] = turn % 2 == 0 ? other / one : one / other;
        }

        return Timing.Median(ratios);
    }

    private static int[] Ids(int count) => [.. Enumerable.Range(0, count)];

    /// <summary>
    /// The multiply-adds of a prompt, as two operations each: layers for all rows, attention to what precedes, head for the last.
    /// </summary>
    private static double GigaOperations(GptConfiguration c, int length)
    {
        var matrices = (4L * c.ChannelCount * c.ChannelCount) + (2L * c.ChannelCount * c.FeedForwardWidth);
        var attention = (double)length * length * c.ChannelCount;
        return 2 * ((c.LayerCount * ((length * matrices) + attention)) + ((double)c.VocabularySize * c.ChannelCount)) / 1e9;
    }
}
