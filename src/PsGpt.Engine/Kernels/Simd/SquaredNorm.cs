using System.Runtime.CompilerServices;
using PsGpt.Kernels.Threading;

namespace PsGpt.Kernels.Simd;

/// <summary>
/// The squared norm of a gradient, summed while the gradient is made: reading it again afterwards, when it has left the caches, takes
/// 2 % of a step of GPT-2 124M.
/// </summary>
/// <remarks>
/// Each part of the tensor is made by one thread in a fixed order and has a vector of sums of its own, so the total is the same however
/// the parts are shared out.
/// </remarks>
internal readonly unsafe struct SquaredNorm<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly float* sums;
    private readonly int partCount;

    private SquaredNorm(float* sums, int partCount)
    {
        this.sums = sums;
        this.partCount = partCount;
    }

    /// <summary>Sums nothing.</summary>
    public static SquaredNorm<TSimd, TVector> None => default;

    /// <summary>Whether nothing is summed.</summary>
    public bool IsEmpty => sums is null;

    /// <summary>Sums of 0 in the working memory of this thread, valid until it prepares the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static SquaredNorm<TSimd, TVector> Prepare(int partCount)
    {
        var sums = Scratch.Get(ScratchSlot.SquaredNormParts, (nint)partCount * TSimd.Width);
        new Span<float>(sums, partCount * TSimd.Width).Clear();
        return new SquaredNorm<TSimd, TVector>(sums, partCount);
    }

    /// <summary>The vector of a part, to which tiles add; null for <see cref="None"/>.</summary>
    public float* Of(int part) => sums is null ? null : sums + ((nint)part * TSimd.Width);

    /// <summary>The sum over all parts, in their order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Total()
    {
        var total = 0.0;
        for (var part = 0; part < partCount; part++)
            total += TSimd.Sum(TSimd.Load(Of(part)));
        return total;
    }
}
