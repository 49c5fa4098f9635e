using System.Runtime.InteropServices;
using System.Text.Json;

namespace PsGpt.Benchmarks;

/// <summary>All rows of a run: a table at the end and the same as JSON in a file.</summary>
internal sealed class BenchmarkReport(string kernelName, int threadCount)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private readonly List<BenchmarkRow> rows = [];

    public void Add(BenchmarkRow row) => rows.Add(row);

    public void Print()
    {
        Console.WriteLine();
        foreach (var row in rows)
            Console.WriteLine(row);
    }

    /// <summary>Writes the rows, with the machine that they were measured on.</summary>
    /// <param name="path">The file; its folder is made.</param>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                Date = DateTimeOffset.UtcNow,
                Runtime = RuntimeInformation.FrameworkDescription,
                System = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
                Processors = Environment.ProcessorCount,
                Kernels = kernelName,
                Threads = threadCount,
                Rows = rows,
            },
            Indented));
        Console.WriteLine($"Written to {path}");
    }
}
