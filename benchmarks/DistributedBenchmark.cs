using System.Diagnostics;
using System.Globalization;
using PsGpt.Communication;
using PsGpt.Communication.Mpi;
using PsGpt.Data;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Benchmarks;

/// <summary>
/// Two ranks of one thread under <c>mpirun</c> against one process of two threads, in turn. The program starts itself as a rank:
/// <c>distributed-rank MODEL</c>. <c>Network.ps1</c> starts the same rank on two hosts.
/// </summary>
internal static class DistributedBenchmark
{
    public const string RankCommand = "distributed-rank";
    public const string ShareArgument = "share";

    private const int RankCount = 2;
    private const int Turns = 3;

    private static readonly Dictionary<string, Work> Works = new()
    {
        ["shakespeare_char"] = new(Models.Shakespeare, BatchSize: 32, SequenceLength: 256, Steps: 3, Bar: 0.95),
        ["124M"] = new(Models.Gpt2, BatchSize: 1, SequenceLength: 1024, Steps: 3, Bar: 0.92),
    };

    public static void Run(BenchmarkReport report)
    {
        foreach (var (name, work) in Works)
        {
            var ratios = new double[Turns];
            for (var turn = 0; turn < Turns; turn++)
            {
                var together = Start("mpirun", ["-n", $"{RankCount}", Environment.ProcessPath!, RankCommand, name], threadCount: 1);
                var alone = Start(Environment.ProcessPath!, [RankCommand, name], threadCount: RankCount);
                ratios[turn] = together / alone;
                Console.WriteLine($"{name}: {together:0} tokens/s on {RankCount} ranks, {alone:0} in one process: {ratios[turn]:0.000}");
            }

            report.Add(new($"{name}, two ranks against one process", Timing.Median(ratios), "x", work.Bar, IsCeiling: false));
        }
    }

    /// <summary>Trains as one rank, or as a process alone with the batches of all; rank 0 writes the tokens a second.</summary>
    /// <param name="name">The work.</param>
    /// <param name="isShare">Whether a process alone takes the batch of one rank instead: a step's computing without its sending.</param>
    public static int RunRank(string name, bool isShare = false)
    {
        var (configuration, batchSize, sequenceLength, steps, _) = Works[name];
        ICommunicator communicator = MpiLauncher.RankCount is null ? SingleProcess.Instance : MpiCommunicator.World;
        using var model = ModelInitializer.Create(configuration, tokenizer: null, seed: 1);
        using var trainer = new Trainer(model, new TrainerOptions(), KernelCatalog.Default, communicator: communicator);
        var random = new RandomStream((ulong)communicator.Rank);
        var rows = isShare ? batchSize : batchSize * RankCount / communicator.Size;
        int[] Draw() => [.. Enumerable.Range(0, rows * sequenceLength).Select(_ => random.NextInt32(configuration.VocabularySize))];
        var batch = new TokenBatch(Draw(), Draw(), rows, sequenceLength, tokenizerName: null);
        trainer.Step(batch);
        var speeds = Enumerable.Range(0, steps).Select(_ => trainer.Step(batch).TokensPerSecond).ToArray();
        if (communicator.Rank == 0)
            Console.WriteLine(Timing.Median(speeds).ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    /// <summary>A model, the batches of its step, and the number of timed steps.</summary>
    private sealed record Work(GptConfiguration Model, int BatchSize, int SequenceLength, int Steps, double Bar);

    private static double Start(string program, string[] arguments, int threadCount)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var name in new[] { "OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "OMPI_MCA_rmaps_base_oversubscribe" })
            start.Environment[name] = "1";
        start.Environment["PSGPT_THREADS"] = $"{threadCount}";

        // Open MPI gives its processes a terminal: without this they write escape sequences to it.
        start.Environment["TERM"] = "dumb";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.TryParse(output, CultureInfo.InvariantCulture, out var speed)
            ? speed
            : throw new InvalidOperationException($"{program} measured nothing: exit code {process.ExitCode}, '{output}'.");
    }
}
