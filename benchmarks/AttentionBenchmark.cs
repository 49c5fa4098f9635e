using PsGpt.Kernels;
using PsGpt.Tensors;

namespace PsGpt.Benchmarks;

/// <summary>
/// Attention of GPT-2's width over sequences of growing length, as many tokens each time: the arithmetic grows with the length.
/// </summary>
internal static unsafe class AttentionBenchmark
{
    private const int Tokens = 4096;
    private const int HeadCount = 12;
    private const int ChannelCount = 768;
    private const int Runs = 7;

    public static void Run(IKernels kernels, BenchmarkReport report)
    {
        using var qkv = new NativeBlock((nint)Tokens * 3 * ChannelCount);
        using var gradient = new NativeBlock((nint)Tokens * 3 * ChannelCount);
        using var output = new NativeBlock((nint)Tokens * ChannelCount);
        using var outputGradient = new NativeBlock((nint)Tokens * ChannelCount);
        using var sums = new NativeBlock((nint)Tokens * HeadCount);
        var random = new RandomStream(1);
        for (nint i = 0; i < qkv.Length; i++)
            qkv.Pointer[i] = (float)random.NextNormal();
        Console.WriteLine($"attention, {Tokens} tokens    forward ms   GFLOP/s   backward ms   GFLOP/s");
        var times = new Dictionary<int, (double Forward, double Backward)>();
        foreach (var length in new[] { 64, 256, 512, 1024, 2048 })
        {
            var batchSize = Tokens / length;
            var shape = new AttentionShape(batchSize, length, HeadCount, ChannelCount);
            var forward = Timing.MedianMilliseconds(
                Runs, () => kernels.AttentionForward(output.Pointer, sums.Pointer, qkv.Pointer, shape, DropoutMask.None));
            var backward = Timing.MedianMilliseconds(
                Runs,
                () => kernels.AttentionBackward(
                    gradient.Pointer, outputGradient.Pointer, output.Pointer, sums.Pointer, qkv.Pointer, shape, DropoutMask.None));
            times[length] = (forward, backward);

            // The causal half of two products forward, and of five on the way back.
            var work = 2e-6 * Tokens * length * ChannelCount;
            Console.WriteLine($"T = {length,-20} {forward,10:0.0} {work / forward,9:0} {backward,13:0.0} {2.5 * work / backward,9:0}");
        }

        report.Add(new("attention, T = 1024 against T = 256, forward", times[1024].Forward / times[256].Forward, "x the time", 4));
        report.Add(new("attention, T = 1024 against T = 256, backward", times[1024].Backward / times[256].Backward, "x the time", 4));
    }
}
