using System.Diagnostics;
using PsGpt.Data;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Benchmarks;

/// <summary>Whole training steps of models that others have measured.</summary>
internal static class TrainingBenchmark
{
    public static void Run(string name, GptConfiguration configuration, int batchSize, int sequenceLength, int runs, IKernels kernels, double peak)
    {
        var timed = new TimedKernels(kernels);
        using var model = ModelInitializer.Create(configuration, tokenizer: null, seed: 1);
        using var trainer = new Trainer(model, new TrainerOptions(), timed);
        var random = new RandomStream(1);
        int[] Draw() => [.. Enumerable.Range(0, batchSize * sequenceLength).Select(_ => random.NextInt32(configuration.VocabularySize))];
        var batch = new TokenBatch(Draw(), Draw(), batchSize, sequenceLength, tokenizerName: null);
        trainer.Step(batch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Step(batch);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var milliseconds = Timing.MedianMilliseconds(runs, () => trainer.Step(batch));
        timed.Reset();
        trainer.Step(batch);
        // 6 N per token as the field counts it, and the attention's own products on top.
        var work = 6.0 * configuration.ParameterCount * batch.TokenCount / 1e6;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"{name,-24} {milliseconds,8:0.0} ms   {work / milliseconds / peak,6:P1} of the peak by 6·N·tokens   {process.PeakWorkingSet64 / 1e9:0.00} GB   {allocated} B allocated by the second step");
        foreach (var time in timed.Times)
            Console.WriteLine($"    {time.Name,-24} {time.CallCount,4} x   {time.Milliseconds,8:0.00} ms   {time.GigaOperationsPerSecond,6:0} GFLOP/s");
    }
}
