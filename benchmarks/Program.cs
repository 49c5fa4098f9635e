using PsGpt.Benchmarks;
using PsGpt.Kernels;

var what = args.Length > 0 ? args[0] : "all";
var team = ThreadTeam.Shared;
var kernels = KernelCatalog.Default;
var peak = MultiplyAddPeak.Measure(team, kernels.Name);
Console.WriteLine($"{kernels.Name}, {team.ThreadCount} threads, {peak:0} GFLOP/s multiply-add peak");
if (what is "all" or "matmul")
    MatMulBenchmark.Run(kernels, peak);
if (what is "all" or "attention")
    AttentionBenchmark.Run(kernels);
if (what is "all" or "124M")
    TrainingBenchmark.Run("GPT-2 124M, 4 x 64", Models.Gpt2, 4, 64, 7, kernels, peak);
if (what is "all" or "baby")
    TrainingBenchmark.Run("nanoGPT CPU, 12 x 64", Models.Baby, 12, 64, 51, kernels, peak);
if (what is "all" or "shakespeare")
    TrainingBenchmark.Run("shakespeare_char, 64 x 256", Models.Shakespeare, 64, 256, 3, kernels, peak);
if (what is "all" or "load")
    LoadBenchmark.Run("GPT-2 124M", Models.Gpt2, 9);
if (what is "all" or "checkpoint")
    CheckpointBenchmark.Run("GPT-2 124M", Models.Gpt2, 5);
Console.WriteLine($"{MultiplyAddPeak.Measure(team, kernels.Name):0} GFLOP/s multiply-add peak at the end");
