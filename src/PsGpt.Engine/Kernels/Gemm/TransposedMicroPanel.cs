using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>Columns of a block (depth, columns of a tile) as the rows of A: what tiles have written is read as its transpose.</summary>
internal unsafe struct TransposedMicroPanel<TSimd, TVector> : IMicroPanel<TransposedMicroPanel<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private float* data;

    private static nint Stride => EdgeTile<TSimd, TVector>.Columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TransposedMicroPanel<TSimd, TVector> At(float* data, nint stride) => new() { data = data };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Value(int row, int step) => data[(step * Stride) + row];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int steps) => data += steps * Stride;
}
