using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>A row of a register tile: two vectors of sums.</summary>
internal struct Accumulators<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public TVector Left;

    public TVector Right;

    /// <summary>Adds a value of A times two vectors of B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float value, TVector left, TVector right)
    {
        var broadcast = TSimd.Broadcast(value);
        Left = TSimd.MultiplyAdd(broadcast, left, Left);
        Right = TSimd.MultiplyAdd(broadcast, right, Right);
    }
}
