using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Rows;

/// <summary>
/// Sums the columns of (rows, columns), items being groups of columns. The rows are walked along, the sums staying in the first
/// cache; walked down, each row would cost the wait for a cache line. Each column sums its rows in order.
/// </summary>
/// <param name="sums">(columns).</param>
/// <param name="accumulate">Whether the sums are added to what is there.</param>
internal readonly unsafe struct ColumnSumTask<TSimd, TVector>(float* sums, float* values, int rows, int columns, bool accumulate) : IParallelTask
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Columns whose sums a thread makes at once: half a kilobyte of each row with AVX-512.</summary>
    private static int GroupColumns => 8 * TSimd.Width;

    /// <summary>Sums all columns with the threads of a team.</summary>
    public static void Run(ThreadTeam team, float* sums, float* values, int rows, int columns, bool accumulate) =>
        team.For((columns + GroupColumns - 1) / GroupColumns, 1, new ColumnSumTask<TSimd, TVector>(sums, values, rows, columns, accumulate));

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
                Masked<TSimd, TVector>.Store(sums + c, TSimd.Add(Masked<TSimd, TVector>.Load(sums + c, count), Masked<TSimd, TVector>.Load(value + c, count)), count);
            }
        }
    }
}
