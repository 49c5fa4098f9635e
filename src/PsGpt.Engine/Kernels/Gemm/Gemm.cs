using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// C (M,N) = A · Bᵀ: the one product behind a layer's forward pass, its input gradient and its weight gradient, which differ only
/// in the strides of A and B. Which operand is packed for all threads, and which by each for itself or not at all, depends on
/// their sizes.
/// </summary>
internal static unsafe class Gemm<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>A product of 1 MB and more passes the caches by where nothing is added to it: it would only push others out.</summary>
    private const int LeastStreamed = 1 << 18;

    /// <summary>Computes the product, rows of C being <paramref name="columns"/> apart.</summary>
    /// <param name="rowSums">Takes the sums of A's rows over the depth as well, (rows), or null.</param>
    /// <param name="squares">Takes the sum of the squares of the product as it is then; prepared for <see cref="PartCount"/>, or empty.</param>
    /// <param name="accumulate">Whether both are added to what is there.</param>
    /// <param name="isReadLate">Whether the product will not be read before much else was.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ThreadTeam team, float* c, float* rowSums, in SquaredNorm<TSimd, TVector> squares, Operand a, Operand b, int rows, int columns, int depth, bool accumulate, bool isReadLate, in Epilogue epilogue)
    {
        var store = accumulate ? StoreMode.Add : isReadLate && CanStream(c, rows, columns, depth) ? StoreMode.Stream : StoreMode.Write;
        var whole = new GemmBlock<TSimd, TVector>(c, rowSums, rows, columns, depth, store, squares, epilogue);

        // A weight that each thread can keep packed is packed, unless there are too few rows for that to pay.
        var isGradient = accumulate || rowSums is not null || !squares.IsEmpty;
        if (!isGradient && 2 * rows >= columns && PanelsOfB<TSimd, TVector>.AreOwn(columns, depth))
            MultiplySections(team, whole, isAShared: false, a, b);
        else if (!isGradient && UnpackedWeight<TSimd, TVector>.IsFor(b, rows, columns))
            UnpackedWeight<TSimd, TVector>.Multiply(team, whole, a, b);
        else
            MultiplySections(team, whole, IsAShared(rows, columns), a, b);
    }

    /// <summary>The parts of a product whose squares are summed one by one: panels of B, or tiles of A's rows.</summary>
    public static int PartCount(int rows, int columns) =>
        IsAShared(rows, columns) ? EdgeTile<TSimd, TVector>.CountAcross(columns) : EdgeTile<TSimd, TVector>.CountDown(rows);

    private static bool IsAShared(int rows, int columns) => rows < columns;

    /// <summary>Computes a product whose operands are packed, section after section of its depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplySections(ThreadTeam team, GemmBlock<TSimd, TVector> whole, bool isAShared, Operand a, Operand b)
    {
        var sections = new KBlocks(whole.Depth, isAShared ? SharedPackedA<TSimd, TVector>.LongestDepth : SharedPackedB<TSimd, TVector>.LongestDepth(whole.Columns));
        for (var section = 0; section < sections.Count; section++)
        {
            var start = sections.Start(section);
            var part = whole.Part(start, sections.Length(section));
            if (isAShared)
                SharedPackedA<TSimd, TVector>.Multiply(team, part, a.From(0, start), b.From(0, start));
            else
                SharedPackedB<TSimd, TVector>.Multiply(team, part, a.From(0, start), b.From(0, start));
        }
    }

    /// <summary>Tiles have to write whole cache lines: a part of one would be read first, and written twice.</summary>
    private static bool CanStream(float* c, int rows, int columns, int depth) =>
        (long)rows * columns >= LeastStreamed && depth <= SharedPackedB<TSimd, TVector>.LongestDepth(columns)
        && EdgeTile<TSimd, TVector>.Columns % CacheLine.Floats == 0 && columns % CacheLine.Floats == 0 && (nuint)c % (CacheLine.Floats * sizeof(float)) == 0;
}
