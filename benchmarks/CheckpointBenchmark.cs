using System.Runtime.InteropServices;
using PsGpt.Checkpoints;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Benchmarks;

/// <summary>
/// The time of a checkpoint against that of writing the same bytes, weights and both moments of AdamW, from memory to the same disk. The
/// two take turns. A checkpoint also removes the one before, which training does not wait for.
/// </summary>
internal static class CheckpointBenchmark
{
    public static void Run(string name, GptConfiguration configuration, int runs, BenchmarkReport report)
    {
        using var model = ModelInitializer.Create(configuration, tokenizer: null, seed: 1);
        foreach (var momentName in new[] { "adamw.m", "adamw.v" })
        {
            var moment = model.TrainingState.GetOrAddMoment(momentName, model.Weights.Shapes);
            foreach (var (source, target) in model.Weights.Tensors.Zip(moment.Tensors))
                source.Span.CopyTo(target.Span);
        }

        var folder = Directory.CreateTempSubdirectory("psgpt-benchmark-");
        try
        {
            var (plain, saved, removed) = (new double[runs], new double[runs], new double[runs]);
            for (var run = -1; run < runs; run++)
            {
                var plainTime = Timing.Milliseconds(() => WritePlainly(model, folder.FullName));
                foreach (var file in folder.GetFiles())
                    file.Delete();
                var store = new CheckpointStore(Path.Combine(folder.FullName, "checkpoints"));
                var savedTime = Timing.Milliseconds(() => store.Save(model, State(model, run + 2)));
                var removedTime = Timing.Milliseconds(store.Dispose);
                if (run >= 0)
                    (plain[run], saved[run], removed[run]) = (plainTime, savedTime, removedTime);
            }

            Console.WriteLine($"{name}: one checkpoint");
            Report("plain writing", plain, plain);
            Report("until training continues", saved, plain);
            report.Add(
                new($"checkpoint of {name}, until training continues",
                    Timing.Median(saved) / Timing.Median(plain), "x plain writing", 1.5));
            Report("and until the old one is gone", [.. saved.Zip(removed, (first, second) => first + second)], plain);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Report(string what, double[] times, double[] plain)
    {
        var median = Timing.Median(times);
        Console.WriteLine(
            $"    {what,-32} {times.Min(),6:0} ms at best, {median,6:0} ms median   "
            + $"{times.Min() / plain.Min(),5:0.00} x and {median / Timing.Median(plain),5:0.00} x plain writing");
    }

    /// <summary>The bytes as they stand in memory, in large parts, each file until the disk has it.</summary>
    private static void WritePlainly(GptModel model, string directory)
    {
        TensorSet[] sets = [model.Weights, .. model.TrainingState.Moments.Values];
        for (var i = 0; i < sets.Length; i++)
        {
            using var file = new FileStream(
                Path.Combine(directory, $"plain{i}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            foreach (var tensor in sets[i].Tensors)
                file.Write(MemoryMarshal.AsBytes(tensor.Span));
            file.Flush(flushToDisk: true);
        }
    }

    private static CheckpointState State(GptModel model, int step) =>
        new()
        {
            Configuration = model.Configuration,
            Options = new(),
            Dataset = new(0, 0, 0),
            Checkpoints = new() { Keep = 0 },
            Progress = new() { Step = step },
        };
}
