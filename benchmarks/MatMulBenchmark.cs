using PsGpt.Kernels;
using PsGpt.Tensors;

namespace PsGpt.Benchmarks;

/// <summary>The products of one training step of GPT-2 124M with 256 rows, in all three directions; the head has the step's padded vocabulary.</summary>
internal static unsafe class MatMulBenchmark
{
    private const int Rows = 256;

    private static readonly (string Name, int Inputs, int Outputs, int PerStep)[] Shapes =
    [
        ("qkv", 768, 2304, 12), ("attproj", 768, 768, 12), ("fc", 768, 3072, 12), ("fcproj", 3072, 768, 12), ("head", 768, 50272, 1),
    ];

    /// <param name="peak">That of the kernels' vectors, in GFLOP/s.</param>
    /// <param name="bar">Percent of it that all products together should reach.</param>
    public static void Run(IKernels kernels, double peak, double bar, BenchmarkReport report)
    {
        Console.WriteLine($"{kernels.Name}, {Rows} rows     forward    input gr.  weight gr.   (share of the peak of {peak:0} GFLOP/s)");
        double totalTime = 0, totalWork = 0;
        foreach (var (name, K, N, perStep) in Shapes)
        {
            using var x = new NativeBlock((nint)Rows * K);
            using var w = new NativeBlock((nint)N * K);
            using var y = new NativeBlock((nint)Rows * N);
            using var dw = new NativeBlock((nint)N * K);
            Fill(x, 1);
            Fill(w, 2);
            Fill(y, 3);
            var work = 2e-6 * Rows * K * N;
            double[] times =
            [
                Timing.MedianMilliseconds(9, () => kernels.MatMulForward(y.Pointer, x.Pointer, w.Pointer, null, null, Rows, K, N)),
                Timing.MedianMilliseconds(9, () => kernels.MatMulBackwardInput(x.Pointer, y.Pointer, w.Pointer, null, default, Rows, K, N)),
                Timing.MedianMilliseconds(9, () => kernels.MatMulBackwardWeight(dw.Pointer, null, y.Pointer, x.Pointer, Rows, K, N, false)),
            ];
            totalTime += perStep * times.Sum();
            totalWork += perStep * 3 * work;
            Console.WriteLine($"{name,-10} {K,5} x {N,5}  {string.Join("   ", times.Select(time => $"{work / time / peak,8:P1}"))}");
        }

        Console.WriteLine($"all products of a step: {totalTime:0} ms, {totalWork / totalTime / peak:P1} of the peak");
        report.Add(new($"products of a 124M step, {kernels.Name}", 100 * totalWork / totalTime / peak, "% of its peak", bar, IsCeiling: false));
    }

    private static void Fill(NativeBlock block, ulong seed)
    {
        var random = new RandomStream(seed);
        for (nint i = 0; i < block.Length; i++)
            block.Pointer[i] = (float)(random.NextDouble() - 0.5) * 1e-3f;
    }
}
