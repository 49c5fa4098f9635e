using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// C (M,N) = A (M,K) · B (N,K)ᵀ: the one product behind a layer's forward pass, input gradient and weight gradient, which differ
/// only in the layouts of A and B. The sizes decide which operand is packed for all threads. docs/kernels.md draws the loops.
/// </summary>
/// <remarks>
/// Blocking and packing follow GotoBLAS (Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008) and BLIS.
/// </remarks>
internal static unsafe partial class Gemm<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>A result of 1 MB or more is stored non-temporally, unless it is accumulated, so that it evicts nothing useful.</summary>
    private const int MinStreamedFloats = 1 << 18;

    /// <summary>Computes the product. Rows of C are N floats apart.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ThreadTeam team, Operand a, Operand b, GemmShape shape, in Result result)
    {
        var overwrite = result.IsReadLate && CanStream(result.C, shape) ? StoreMode.Stream : StoreMode.Write;
        var store = result.Accumulate ? StoreMode.Add : overwrite;
        var output = new Output(result.C, result.RowSums, shape, store, result.Squares, result.Epilogue);

        // A weight that each thread can keep packed is packed, unless there are too few rows for that to pay.
        var isGradient = result.Accumulate || result.RowSums is not null || !result.Squares.IsEmpty;
        if (!isGradient && 2 * shape.M >= shape.N && PackedB.IsPerThread(shape.N, shape.K))
            MultiplyPacked(team, a, b, output, isAShared: false);
        else if (!isGradient && UnpackedWeight.IsFor(b, shape))
            UnpackedWeight.Multiply(team, a, b, output);
        else
            MultiplyPacked(team, a, b, output, IsAShared(shape.M, shape.N));
    }

    /// <summary>The parts of C whose squares are summed one by one: micro-panels of B, or tiles of A's rows.</summary>
    public static int CountParts(int m, int n) => IsAShared(m, n) ? TilesAcross(n) : TilesDown(m);

    private static bool IsAShared(int m, int n) => m < n;

    /// <summary>Computes a product with packed operands, section after section of K.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyPacked(ThreadTeam team, Operand a, Operand b, Output output, bool isAShared)
    {
        var sections = new KBlocks(output.K, isAShared ? SharedPackedA.MaxSection : SharedPackedB.Kc(output.N));
        for (var section = 0; section < sections.Count; section++)
        {
            var start = sections.Start(section);
            var part = output.Part(start, sections.Length(section));
            if (isAShared)
                SharedPackedA.Multiply(team, a.From(0, start), b.From(0, start), part);
            else
                SharedPackedB.Multiply(team, a.From(0, start), b.From(0, start), part);
        }
    }

    /// <summary>Non-temporal stores need whole cache lines: a part of a line would be read first, and written twice.</summary>
    private static bool CanStream(float* c, GemmShape shape) =>
        (long)shape.M * shape.N >= MinStreamedFloats && shape.K <= SharedPackedB.Kc(shape.N)
        && Nr % CacheLine.Floats == 0 && shape.N % CacheLine.Floats == 0 && (nuint)c % (CacheLine.Floats * sizeof(float)) == 0;

    /// <summary>The outputs of a product.</summary>
    internal struct Result
    {
        /// <summary>The product, (M,N).</summary>
        public float* C;

        /// <summary>Receives the sums of A's rows over K, (M), the gradient of a bias; or null.</summary>
        public float* RowSums;

        /// <summary>Receives the squared norm of C as stored, made for <see cref="CountParts"/> parts; or none.</summary>
        public SquaredNorm<TSimd, TVector> Squares;

        /// <summary>Whether C and the row sums are added to the values in memory.</summary>
        public bool Accumulate;

        /// <summary>Whether much other memory is read before C is.</summary>
        public bool IsReadLate;

        /// <summary>Applied to each tile of C while it is in the first-level cache.</summary>
        public Epilogue Epilogue;
    }
}
