using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Kernels;

/// <summary>
/// How fast all threads together read memory that is in no cache: the limit of decoding, which reads each weight once a token.
/// </summary>
internal static unsafe class MemoryRate
{
    // 256 MB: larger than the caches of most machines.
    private const int Length = 1 << 26;
    private const int ItemLength = 1 << 14;
    private const int Runs = 5;
    private const int PrefetchDistance = 512;

    /// <summary>Measures it now, in some hundred milliseconds: the best of a few runs, since other work only makes one slower.</summary>
    /// <returns>Bytes a second.</returns>
    /// <exception cref="GptException"><c>OutOfMemory</c>.</exception>
    public static double Measure(ThreadTeam team, CancellationToken cancellationToken)
    {
        using var block = new NativeBlock(Length);

        // Pages that were never written share one page of zeros, which a cache holds.
        new Span<float>(block.Pointer, Length).Fill(1);
        var best = 0.0;
        for (var run = 0; run < Runs; run++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            best = Math.Max(best, sizeof(float) * (double)Length / ReadSeconds(team, block.Pointer, Length));
        }

        return best;
    }

    /// <summary>Reads values once with all threads, in seconds. A rest of less than 64 KB is left out.</summary>
    public static double ReadSeconds(ThreadTeam team, float* values, nint length)
    {
        var start = Stopwatch.GetTimestamp();
        team.For((int)(length / ItemLength), 1, new ReadTask(values));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private readonly struct ReadTask(float* values) : IParallelTask
    {
        public void Execute(int start, int end) =>
            Sum(values + ((nint)start * ItemLength), (nint)(end - start) * ItemLength);

        /// <summary>Prefetches, since processors alone fetch too little ahead. Returned so that the work cannot be left out.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static float Sum(float* part, nint length)
        {
            Vector<float> a = default, b = default, c = default, d = default;
            for (nint i = 0; i < length; i += 4 * Vector<float>.Count)
            {
                CacheLine.Prefetch(part + i + PrefetchDistance, 4 * Vector<float>.Count / CacheLine.Floats);
                a += Vector.Load(part + i);
                b += Vector.Load(part + i + Vector<float>.Count);
                c += Vector.Load(part + i + (2 * Vector<float>.Count));
                d += Vector.Load(part + i + (3 * Vector<float>.Count));
            }

            return Vector.Sum(a + b + c + d);
        }
    }
}
