using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
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
    private const int ItemLength = 1 << 16;
    private const int Runs = 5;

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
            var start = Stopwatch.GetTimestamp();
            team.For(Length / ItemLength, 1, new ReadTask(block.Pointer));
            best = Math.Max(best, sizeof(float) * (double)Length / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private readonly struct ReadTask(float* values) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            for (nint item = start; item < end; item++)
                Sum(new ReadOnlySpan<float>(values + (item * ItemLength), ItemLength));
        }

        /// <summary>Returned so that the work cannot be left out.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static float Sum(ReadOnlySpan<float> part)
        {
            Vector<float> a = default, b = default, c = default, d = default;
            for (var i = 0; i + (4 * Vector<float>.Count) <= part.Length; i += 4 * Vector<float>.Count)
            {
                a += new Vector<float>(part[i..]);
                b += new Vector<float>(part[(i + Vector<float>.Count)..]);
                c += new Vector<float>(part[(i + (2 * Vector<float>.Count))..]);
                d += new Vector<float>(part[(i + (3 * Vector<float>.Count))..]);
            }

            return Vector.Sum(a + b + c + d);
        }
    }
}
