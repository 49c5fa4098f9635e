using System.Diagnostics;
using PsGpt.Benchmarks.Peers;
using PsGpt.Kernels;
using PsGpt.Kernels.Threading;
using PsGpt.Model;

namespace PsGpt.Benchmarks;

/// <summary>Whole training steps of models that others have measured, and others in turn where they are there.</summary>
internal static class StepBenchmark
{
    private const int Turns = 3;

    /// <summary>A small model against a time.</summary>
    /// <param name="bar">Milliseconds of a step.</param>
    public static void Run(
        string name, GptConfiguration configuration, int batchSize, int sequenceLength, int runs, double bar, IKernels kernels,
        BenchmarkReport report)
    {
        using var model = ModelInitializer.Create(configuration, tokenizer: null, seed: 1);
        var (measurement, _) = Measure(name, model, batchSize, sequenceLength, runs, kernels, report);
        report.Add(new($"{name}, a step", measurement.Milliseconds, "ms", bar));
    }

    /// <summary>GPT-2 124M, 4 x 64 tokens: as a share of the peak, in memory, and against peers.</summary>
    public static void RunGpt2(IKernels kernels, BenchmarkReport report, BenchmarkArguments arguments)
    {
        const string name = "GPT-2 124M, 4 x 64";
        using var model = ModelInitializer.Create(Models.Gpt2, tokenizer: null, seed: 1);
        var (measurement, work) = Measure(name, model, 4, 64, 25, kernels, report);
        using var process = Process.GetCurrentProcess();
        report.Add(new($"{name}, a step", measurement.Milliseconds, "ms"));
        report.Add(new($"{name}, 6·N·tokens", 100 * measurement.PeakShare(work), "% of the peak", 80, IsCeiling: false));
        report.Add(new($"{name}, 6·N·tokens", 100 * measurement.SustainedShare(work), "% of sustained"));
        report.Add(new($"{name}, peak memory of the process", process.PeakWorkingSet64 / 1e9, "GB", 2.3));
        if (arguments.LlmcProgram is { } program)
        {
            using var peer = new LlmcPeer(program, ThreadTeam.Shared.ThreadCount);
            Compare(name, model, kernels, peer, report);
        }

        if (arguments.Python is { } python)
            Compare(name, model, kernels, new TorchPeer(python, ThreadTeam.Shared.ThreadCount), report);
    }

    /// <returns>Also the arithmetic of a step.</returns>
    private static (Measurement Measurement, double GigaOperations) Measure(
        string name, GptModel model, int batchSize, int sequenceLength, int runs, IKernels kernels, BenchmarkReport report)
    {
        var timed = new TimedKernels(kernels);
        using var step = new RandomBatchStep(model, batchSize, sequenceLength, timed);
        step.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        step.Run();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        report.Add(new($"{name}, managed bytes of a second step", allocated, "B", 0));
        var measurement = Timing.MediansWithPeak(runs, ThreadTeam.Shared, kernels.Name, step.Run);
        var (peakShare, sustainedShare) = (measurement.PeakShare(step.GigaOperations), measurement.SustainedShare(step.GigaOperations));
        timed.Reset();
        step.Run();
        Console.WriteLine(
            $"{name}: {measurement.Milliseconds:0.0} ms a step, by 6·N·tokens {peakShare:P1} of the peak of {measurement.Peak:0} GFLOP/s, "
            + $"{sustainedShare:P1} of the {measurement.Sustained:0} that are kept up");
        foreach (var time in timed.Times)
        {
            Console.WriteLine(
                $"    {time.Name,-24} {time.Milliseconds,10:0.00} ms {100 * time.Share,5:0.0} % "
                + $"{time.GigaOperationsPerSecond,6:0} GFLOP/s {time.GigaBytesPerSecond,4:0} GB/s");
        }

        return (measurement, step.GigaOperations);
    }

    /// <summary>A B A B: a drift of the machine hits both.</summary>
    private static void Compare(string name, GptModel model, IKernels kernels, IPeer peer, BenchmarkReport report)
    {
        using var step = new RandomBatchStep(model, 4, 64, kernels);
        var ratios = new double[Turns];
        for (var turn = 0; turn < Turns; turn++)
        {
            var (own, theirs) = (Timing.MedianMilliseconds(5, step.Run), peer.MeasureStep());
            ratios[turn] = own / theirs;
            Console.WriteLine($"{name}: {own:0} ms, {peer.Name} {theirs:0} ms: {ratios[turn]:0.00} x");
        }

        report.Add(new($"{name}, a step", Timing.Median(ratios), $"x {peer.Name}", peer.Bar));
    }
}
