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

    /// <summary>The multiply-adds that take about as long as to add a value of the second half, for which memory is waited.</summary>
    private const int WorkOfAddition = 64;

    /// <summary>Whether a product is computed so: where adding the halves moves little against reading the operands.</summary>
    public static bool IsFor(Operand a, Operand b, int rows, int columns, int depth) =>
        a.RowStride == 1 && b.RowStride == 1 && depth >= LeastDepth && (long)rows * columns <= Math.Min(MostFloats, (long)depth * (rows + columns) / 4);

    /// <summary>Computes the product.</summary>
    /// <param name="rowSums">Those of the whole product, or null.</param>
    /// <param name="squares">Those of the whole product.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ThreadTeam team, ProductBlock<TSimd, TVector> whole, float* rowSums, in SquareSums<TSimd, TVector> squares, Operand a, Operand b)
    {
        var (rows, columns, length) = (whole.Rows, whole.Columns, (nint)whole.Rows * whole.Columns);
        var blocks = new DepthBlocks(whole.Depth, (whole.Depth + 1) / 2);
        var sums = Scratch.Get(ScratchSlot.SecondHalf, length + rows);
        var secondRowSums = rowSums is null ? null : sums + length;
        var second = new ProductBlock<TSimd, TVector>(sums, secondRowSums, rows, columns, blocks.Length(1), TileStore.Write, squares: default, epilogue: default);
        var halves = new HalvesTask(team, whole.Part(0, blocks.Length(0)), second, a, b);
        if (team.ThreadCount == 2)
            team.For(2, 1, halves);
        else
            halves.Execute(0, 2);
        var parts = Product<TSimd, TVector>.PartCount(rows, columns);
        team.For(parts, Product<TSimd, TVector>.Grain(Math.Max(1, WorkOfAddition * length / parts)), new AddTask(whole.At(0, 0), sums, length, parts, squares));
        if (rowSums is null)
            return;
        for (var row = 0; row < rows; row++)
            rowSums[row] += secondRowSums[row];
    }

    /// <summary>Items are the halves. A thread that has one for itself computes it alone, since the team is busy.</summary>
    private readonly struct HalvesTask(ThreadTeam team, ProductBlock<TSimd, TVector> first, ProductBlock<TSimd, TVector> second, Operand a, Operand b) : IParallelTask
    {
        public void Execute(int start, int end)
        {
            if (start == 0)
                Product<TSimd, TVector>.MultiplySections(team, first, a, b);
            if (end == 2)
                Product<TSimd, TVector>.MultiplySections(team, second, a.From(0, first.Depth), b.From(0, first.Depth));
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
