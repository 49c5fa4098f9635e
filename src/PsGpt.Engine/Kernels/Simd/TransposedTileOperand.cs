using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>Columns of a block (depth, columns of a tile) as the rows of A: what tiles have written is read as its transpose.</summary>
internal unsafe struct TransposedTileOperand<TSimd, TVector> : ITileOperand<TransposedTileOperand<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private float* data;

    private static nint Stride => ProductTile<TSimd, TVector>.Columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TransposedTileOperand<TSimd, TVector> At(float* data, nint stride) => new() { data = data };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Value(int row, int step) => data[(step * Stride) + row];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int steps) => data += steps * Stride;
}
