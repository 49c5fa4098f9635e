using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>
/// The gradient of a small weight: a product whose depth runs through many rows of a batch is computed in two halves of the rows, which
/// are added. Two threads take a half each: the rows that they have worked on since the forward pass, which the caches of one need not
/// fetch from those of the other. The sums are the same for any number of threads.
/// </summary>
internal static unsafe class HalvedProduct<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int LeastDepth = 512;

    /// <summary>Half a megabyte: the second half stays in a second-level cache until it is added.</summary>
    private const int MostFloats = 1 << 17;

    /// <summary>Whether a product is computed so: where adding the halves moves little against reading the operands.</summary>
    public static bool IsFor(Operand a, Operand b, int rows, int columns, int depth) =>
        a.RowStride == 1 && b.RowStride == 1 && depth >= LeastDepth && (long)rows * columns <= Math.Min(MostFloats, (long)depth * (rows + columns) / 4);

    /// <param name="whole">The product as it is stored in the end.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ThreadTeam team, ProductBlock<TSimd, TVector> whole, float* rowSums, Operand a, Operand b, bool accumulate, in SquareSums<TSimd, TVector> squares)
    {
        var (rows, columns, length) = (whole.Rows, whole.Columns, (nint)whole.Rows * whole.Columns);
        var second = Scratch.Get(ScratchSlot.SecondHalf, length + rows);
        var secondRowSums = rowSums is null ? null : second + length;
        var halves = new HalvesTask(team, whole, second, rowSums, secondRowSums, a, b, accumulate);
        if (team.ThreadCount == 2)
            team.For(2, 1, halves);
        else
            halves.Execute(0, 2);
        var parts = Product<TSimd, TVector>.PartCount(rows, columns);
        team.For(parts, Product<TSimd, TVector>.Grain(Math.Max(1, 64 * length / parts)), new AddTask(whole.At(0, 0), second, length, parts, squares));
        for (var row = 0; row < rows && rowSums is not null; row++)
            rowSums[row] += secondRowSums[row];
    }

    /// <summary>Items are the halves. A thread that has one for itself computes it alone, since the team is busy.</summary>
    private readonly struct HalvesTask(ThreadTeam team, ProductBlock<TSimd, TVector> whole, float* second, float* rowSums, float* secondRowSums, Operand a, Operand b, bool accumulate) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            var blocks = new DepthBlocks(whole.Depth, (whole.Depth + 1) / 2);
            for (var half = start; half < end; half++)
            {
                var isFirst = half == 0;
                var store = isFirst && accumulate ? TileStore.Add : TileStore.Write;
                var part = new ProductBlock<TSimd, TVector>(
                    isFirst ? whole.At(0, 0) : second, isFirst ? rowSums : secondRowSums, whole.Rows, whole.Columns, blocks.Length(half), store, squares: default, epilogue: default);
                Product<TSimd, TVector>.MultiplySections(team, part, a.From(0, blocks.Start(half)), b.From(0, blocks.Start(half)));
            }
        }
    }

    /// <summary>Adds the second half to the product; items are its parts, of about the same length.</summary>
    private readonly struct AddTask(float* product, float* second, nint length, int partCount, SquareSums<TSimd, TVector> squares) : IParallelTask
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Execute(int start, int end)
        {
            for (var part = start; part < end; part++)
                Add(Start(part), Start(part + 1), squares.Of(part));
        }

        private nint Start(int part) => part == partCount ? length : length * part / partCount / TSimd.Width * TSimd.Width;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Add(nint start, nint end, float* squareSums)
        {
            var sum = TSimd.Zero;
            for (var i = start; i < end; i += TSimd.Width)
            {
                var count = (int)Math.Min(TSimd.Width, end - i);
                var value = TSimd.Add(Lanes<TSimd, TVector>.Load(product + i, count), Lanes<TSimd, TVector>.Load(second + i, count));
                Lanes<TSimd, TVector>.Store(product + i, value, count);
                sum = TSimd.MultiplyAdd(value, value, sum);
            }

            if (squareSums is not null)
                TSimd.Store(squareSums, TSimd.Add(TSimd.Load(squareSums), sum));
        }
    }
}
