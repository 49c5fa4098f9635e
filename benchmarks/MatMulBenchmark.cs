using PsGpt.Kernels;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Benchmarks;

/// <summary>
/// The products of one training step of GPT-2 124M with 256 rows, in all three directions; the head has the step's padded vocabulary.
/// </summary>
internal static unsafe class MatMulBenchmark
{
    private const int Rows = 256;
    private const int Runs = 15;

    private static readonly (string Name, int Inputs, int Outputs, int PerStep)[] Shapes =
    [
        ("qkv", 768, 2304, 12), ("attproj", 768, 768, 12), ("fc", 768, 3072, 12), ("fcproj", 3072, 768, 12), ("head", 768, 50272, 1),
    ];

    /// <param name="team">The threads of the kernels.</param>
    /// <param name="bar">Percent of the peak that all products together should reach, the peak being that of the kernels' vectors.</param>
    public static void Run(IKernels kernels, ThreadTeam team, double bar, BenchmarkReport report)
    {
        Console.WriteLine($"{kernels.Name}, {Rows} rows     forward    input gr.  weight gr.   (share of the peak, measured in turn)");
        double totalTime = 0, totalTimeAtPeak = 0, totalTimeSustained = 0;
        foreach (var (name, K, N, perStep) in Shapes)
        {
            // One block, as training has them: a matrix of its own would be too small for large pages.
            using var matrices = new TensorSet([new("x", Rows, K), new("w", N, K), new("y", Rows, N), new("dw", N, K)]);
            var (x, w, y, dw) = (matrices["x"], matrices["w"], matrices["y"], matrices["dw"]);
            Fill(matrices.Block, 1);
            var work = 2e-9 * Rows * K * N;
            Action[] directions =
            [
                () => kernels.MatMulForward(y.Pointer, x.Pointer, w.Pointer, null, null, new(Rows, K, N)),
                () => kernels.MatMulBackwardInput(x.Pointer, y.Pointer, w.Pointer, null, default, new(Rows, K, N)),
                () => kernels.MatMulBackwardWeight(dw.Pointer, null, y.Pointer, x.Pointer, new(Rows, K, N), false),
            ];
            var medians = directions.Select(direction => Timing.MediansWithPeak(Runs, team, kernels.Name, direction)).ToArray();
            totalTime += perStep * medians.Sum(median => median.Milliseconds);
            totalTimeAtPeak += perStep * medians.Sum(median => work * 1e3 / median.Peak);
            totalTimeSustained += perStep * medians.Sum(median => work * 1e3 / median.Sustained);
            Console.WriteLine(
                $"{name,-10} {K,5} x {N,5}  {string.Join("   ", medians.Select(median => $"{median.PeakShare(work),8:P1}"))}");
        }

        Console.WriteLine(
            $"all products of a step: {totalTime:0} ms, {totalTimeAtPeak / totalTime:P1} of the peak, "
            + $"{totalTimeSustained / totalTime:P1} of what is kept up");
        report.Add(
            new($"products of a 124M step, {kernels.Name}", 100 * totalTimeAtPeak / totalTime, "% of its peak", bar, IsCeiling: false));
        report.Add(new($"products of a 124M step, {kernels.Name}", 100 * totalTimeSustained / totalTime, "% of sustained"));
    }

    private static void Fill(NativeBlock block, ulong seed)
    {
        var random = new RandomStream(seed);
        for (nint i = 0; i < block.Length; i++)
            block.Pointer[i] = (float)(random.NextDouble() - 0.5) * 1e-3f;
    }
}
