using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Benchmarks;

/// <summary>The time to load a model against that to read the bytes of its weights, both from the page cache, in turn.</summary>
internal static class LoadBenchmark
{
    public static void Run(string name, GptConfiguration configuration, int runs, BenchmarkReport report)
    {
        var folder = Directory.CreateTempSubdirectory("psgpt-load-").FullName;
        try
        {
            using (var model = ModelInitializer.Create(configuration, tokenizer: null, seed: 1))
            {
                ModelFile.Write(model, Path.Combine(folder, "llm.c.bin"), "llm.c");
                ModelFile.Write(model, Path.Combine(folder, "safetensors"), "huggingface");
                ModelFile.Write(model, Path.Combine(folder, "safetensors-bf16"), "huggingface", WeightDataType.BFloat16);
                ModelFile.Write(model, Path.Combine(folder, "gguf"), "gguf");
                ModelFile.Write(model, Path.Combine(folder, "gguf-q8"), "gguf", WeightDataType.Q8_0);
            }

            Console.WriteLine($"{name}, loading");
            foreach (var path in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
                Measure(path, configuration, runs, report);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string path, GptConfiguration configuration, int runs, BenchmarkReport report)
    {
        var weights = Directory.Exists(path) ? Path.Combine(path, "model.safetensors") : path;
        var (reading, loading, memory) = (new double[runs], new double[runs], 0L);
        for (var run = -1; run < runs; run++)
        {
            // The bytes first, then the model; the first turn of both is to warm up.
            GC.Collect();
            var readTime = Timing.Milliseconds(() => File.ReadAllBytes(weights));
            GC.Collect();
            var before = Environment.WorkingSet;
            GptModel? model = null;
            var loadTime = Timing.Milliseconds(() => model = ModelFile.Read(path));
            memory = Environment.WorkingSet - before;
            model!.Dispose();
            if (run >= 0)
                (reading[run], loading[run]) = (readTime, loadTime);
        }

        var (read, load) = (Timing.Median(reading), Timing.Median(loading));
        Console.WriteLine(
            $"    {Path.GetFileName(path),-18} {load,6:0} ms   {load / read:0.00} x reading its bytes ({read:0} ms)   "
            + $"{memory / (4.0 * configuration.ParameterCount):0.00} x its float32 size in memory");

        // A file of half the size has no bar: the memory that it is read into is as large as ever.
        var isWhole = new FileInfo(weights).Length >= 4 * configuration.ParameterCount;
        report.Add(new($"load 124M, {Path.GetFileName(path)}", load / read, "x its bytes", isWhole ? 1.3 : null));
        report.Add(
            new($"load 124M, {Path.GetFileName(path)}, memory", memory / (4.0 * configuration.ParameterCount), "x its float32", 1.1));
    }
}
