using PsGpt.Benchmarks;
using PsGpt.Kernels;
using PsGpt.Kernels.Threading;

if (args is [DistributedBenchmark.RankCommand, var work])
    return DistributedBenchmark.RunRank(work);
if (args is [DistributedBenchmark.RankCommand, var share, DistributedBenchmark.ShareArgument])
    return DistributedBenchmark.RunRank(share, isShare: true);

BenchmarkArguments arguments;
try
{
    arguments = new BenchmarkArguments(args);
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

var team = ThreadTeam.Shared;
var kernels = KernelCatalog.Default;
var report = new BenchmarkReport(kernels.Name, team.ThreadCount);
Console.WriteLine($"{kernels.Name}, {team.ThreadCount} threads, {PeakFlops.Measure(team, kernels.Name):0} GFLOP/s multiply-add peak");
if (arguments.Has("matmul"))
{
    MatMulBenchmark.Run(kernels, team, bar: 90, report);
    if (kernels.Name == "avx512")
        MatMulBenchmark.Run(KernelCatalog.GetAvailable(team).First(other => other.Name == "avx2"), team, bar: 75, report);
}

if (arguments.Has("attention"))
    AttentionBenchmark.Run(kernels, report);
if (arguments.Has("124M"))
    StepBenchmark.RunGpt2(kernels, report, arguments);
if (arguments.Has("threads"))
    ThreadBenchmark.Run(kernels.Name, team.ThreadCount, report);
if (arguments.Has("baby"))
    StepBenchmark.Run("nanoGPT's CPU recipe, 12 x 64", Models.Baby, 12, 64, runs: 51, bar: 22, kernels, report);
if (arguments.Has("shakespeare"))
    StepBenchmark.Run("shakespeare_char, 64 x 256", Models.Shakespeare, 64, 256, runs: 3, bar: 6500, kernels, report);
if (arguments.Has("load"))
    LoadBenchmark.Run("GPT-2 124M", Models.Gpt2, 9, report);
if (arguments.Has("checkpoint"))
    CheckpointBenchmark.Run("GPT-2 124M", Models.Gpt2, 5, report);
if (arguments.Has("distributed"))
    DistributedBenchmark.Run(report);
if (arguments.Has("generate"))
{
    GenerateBenchmark.Run(kernels, report, arguments);
    TokenizerBenchmark.Run(arguments.TextPath, arguments.NodeFolder, report);
    if (arguments.TextPath is { } text)
        QualityBenchmark.Run(text, kernels, report);
}
report.Print();
report.Write(arguments.JsonPath);
return 0;
