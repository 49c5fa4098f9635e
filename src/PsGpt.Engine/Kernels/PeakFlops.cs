using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels;

/// <summary>
/// The peak FLOP/s of this machine: independent fused multiply-adds in registers on all threads, with the vectors that the kernels use.
/// The process measures it once, in some milliseconds, when it is first asked for.
/// </summary>
internal static class PeakFlops
{
    private const int Repeats = 1 << 16;
    private const int Runs = 20;
    private const int Sums = 12;

    private static readonly Lazy<double> Measured = new(() => Measure(ThreadTeam.Shared, KernelCatalog.Default.Name));

    /// <summary>Peak GFLOP/s; a multiply-add counts as two operations.</summary>
    public static double GigaOperationsPerSecond => Measured.Value;

    /// <summary>Measures it now: the best of many short runs, since other work on the machine only makes a run slower.</summary>
    /// <param name="team">The threads that work.</param>
    /// <param name="kernelName">The kernels whose vectors are used.</param>
    public static double Measure(ThreadTeam team, string kernelName)
    {
        var best = 0.0;
        for (var run = 0; run < Runs; run++)
            best = Math.Max(best, MeasureBurns(team, kernelName, team.ThreadCount));
        return best;
    }

    /// <summary>
    /// Measures the FLOP/s that the machine sustains, less the share that others take meanwhile: on a shared machine no program gets more
    /// in the same time.
    /// </summary>
    /// <param name="team">The threads that work.</param>
    /// <param name="kernelName">The kernels whose vectors are used.</param>
    /// <param name="milliseconds">The approximate duration.</param>
    public static double MeasureSustained(ThreadTeam team, string kernelName, double milliseconds)
    {
        var start = Stopwatch.GetTimestamp();
        MeasureBurns(team, kernelName, team.ThreadCount);
        var rounds = Math.Max(1, milliseconds / Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return MeasureBurns(team, kernelName, (int)(rounds * team.ThreadCount));
    }

    private static double MeasureBurns(ThreadTeam team, string kernelName, int count) => kernelName switch
    {
        "avx512" => MeasureBurns<Simd512, Vector512<float>>(team, count),
        "avx2" => MeasureBurns<Simd256, Vector256<float>>(team, count),
        _ => MeasureBurns<Simd128, Vector128<float>>(team, count),
    };

    private static double MeasureBurns<TSimd, TVector>(ThreadTeam team, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var start = Stopwatch.GetTimestamp();
        team.For(count, 1, default(Burn<TSimd, TVector>));
        return 2e-9 * TSimd.Width * Sums * Repeats * count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Items are runs of multiply-adds of about 0.1 ms.</summary>
    private readonly struct Burn<TSimd, TVector> : IParallelTask
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        public void Execute(int start, int end)
        {
            for (var i = start; i < end; i++)
                Run();
        }

        /// <summary>
        /// Twelve accumulators hide the latency of one another; the result is returned so that the work cannot be optimized away.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static float Run()
        {
            var (x, y) = (TSimd.Broadcast(0.999f), TSimd.Broadcast(0.001f));
            TVector a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (var n = 0; n < Repeats; n++)
            {
                a = TSimd.MultiplyAdd(a, x, y);
                b = TSimd.MultiplyAdd(b, x, y);
                c = TSimd.MultiplyAdd(c, x, y);
                d = TSimd.MultiplyAdd(d, x, y);
                e = TSimd.MultiplyAdd(e, x, y);
                f = TSimd.MultiplyAdd(f, x, y);
                g = TSimd.MultiplyAdd(g, x, y);
                h = TSimd.MultiplyAdd(h, x, y);
                i = TSimd.MultiplyAdd(i, x, y);
                j = TSimd.MultiplyAdd(j, x, y);
                k = TSimd.MultiplyAdd(k, x, y);
                l = TSimd.MultiplyAdd(l, x, y);
            }

            var sum = TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(TSimd.Add(e, f), TSimd.Add(g, h)));
            return TSimd.Sum(TSimd.Add(sum, TSimd.Add(TSimd.Add(i, j), TSimd.Add(k, l))));
        }
    }
}
