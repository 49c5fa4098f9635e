using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PsGpt.Kernels;

namespace PsGpt.Benchmarks;

/// <summary>
/// How many multiply-adds the machine can do when nothing else limits it: twelve independent sums in registers, with the
/// widest vectors. Everything else is quoted as a share of this, measured in the same process.
/// </summary>
internal static class MultiplyAddPeak
{
    private const int Repeats = 1 << 20;

    /// <summary>GFLOP/s of the whole team with the widest vectors that the kernels may use.</summary>
    public static double Measure(ThreadTeam team, string kernelName, int runs = 15) => kernelName switch
    {
        "avx512" => Measure<Simd512, Vector512<float>>(team, runs),
        "avx2" => Measure<Simd256, Vector256<float>>(team, runs),
        _ => Measure<Simd128, Vector128<float>>(team, runs),
    };

    private static double Measure<TSimd, TVector>(ThreadTeam team, int runs)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var milliseconds = Timing.MedianMilliseconds(runs, () => team.For(team.ThreadCount, 1, default(Burn<TSimd, TVector>)));
        return 2.0 * TSimd.Width * 12 * Repeats * team.ThreadCount / milliseconds / 1e6;
    }

    private readonly struct Burn<TSimd, TVector> : IParallelTask
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        public void Execute(int start, int end)
        {
            for (var i = start; i < end; i++)
                Run();
        }

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
