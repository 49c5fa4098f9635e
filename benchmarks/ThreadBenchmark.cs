using PsGpt.Kernels;
using PsGpt.Kernels.Threading;
using PsGpt.Model;

namespace PsGpt.Benchmarks;

/// <summary>A step of GPT-2 124M with one thread and with all, in turn.</summary>
internal static class ThreadBenchmark
{
    private const int Turns = 9;

    public static void Run(string kernelName, int threadCount, BenchmarkReport report)
    {
        using var model = ModelInitializer.Create(Models.Gpt2, tokenizer: null, seed: 1);
        using var alone = new RandomBatchStep(model, 4, 64, Kernels(kernelName, 1));
        using var together = new RandomBatchStep(model, 4, 64, Kernels(kernelName, threadCount));
        var (one, all) = (new double[Turns], new double[Turns]);
        for (var turn = -1; turn < Turns; turn++)
        {
            var (oneTime, allTime) = (Timing.Milliseconds(alone.Run), Timing.Milliseconds(together.Run));
            if (turn >= 0)
                (one[turn], all[turn]) = (oneTime, allTime);
        }

        var (oneMedian, allMedian) = (Timing.Median(one), Timing.Median(all));
        Console.WriteLine($"GPT-2 124M, 4 x 64: {oneMedian:0} ms with one thread, {allMedian:0} ms with {threadCount}");
        report.Add(
            new(
                $"GPT-2 124M, 4 x 64, one thread against {threadCount}", oneMedian / allMedian, "x", threadCount == 2 ? 1.9 : null,
                IsCeiling: false));
    }

    private static IKernels Kernels(string name, int threadCount) =>
        KernelCatalog.GetAvailable(new ThreadTeam(threadCount)).First(kernels => kernels.Name == name);
}
