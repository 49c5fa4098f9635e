using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Rows;

/// <summary>
/// Sums the columns of (rows, columns). Items are groups of columns. Rows are read from left to right while the sums stay in the
/// first-level cache; reading down a column would wait for a cache line at each row. Each column adds its rows in order.
/// </summary>
/// <param name="sums">(columns).</param>
/// <param name="accumulate">Whether the sums are added to the values in memory.</param>
internal readonly unsafe struct ColumnSumTask<TSimd, TVector>(
    float* sums, float* values, int rows, int columns, bool accumulate) : IParallelTask
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Columns that a thread sums at once: half a kilobyte of each row with AVX-512.</summary>
    private static int GroupColumns => 8 * TSimd.Width;

    /// <summary>Sums all columns with the threads of a team.</summary>
    public static void Run(ThreadTeam team, float* sums, float* values, int rows, int columns, bool accumulate) =>
        team.For(
            (columns + GroupColumns - 1) / GroupColumns, 1, new ColumnSumTask<TSimd, TVector>(sums, values, rows, columns, accumulate));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Execute(int start, int end)
    {
        var (first, last) = (start * GroupColumns, Math.Min(end * GroupColumns, columns));
        if (!accumulate)
            new Span<float>(sums + first, last - first).Clear();
        for (var row = 0; row < rows; row++)
        {
            var value = values + ((nint)row * columns);
            for (var c = first; c < last; c += TSimd.Width)
            {
                var count = last - c;
                var sum = TSimd.Add(TSimd.Load(sums + c, count), TSimd.Load(value + c, count));
                TSimd.Store(sums + c, sum, count);
            }
        }
    }
}
