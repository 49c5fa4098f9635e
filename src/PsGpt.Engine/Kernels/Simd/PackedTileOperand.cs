using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>The rows of a packed panel (depth, rows).</summary>
internal unsafe struct PackedTileOperand<TRows> : ITileOperand<PackedTileOperand<TRows>>
    where TRows : struct, IRowHeight
{
    private float* data;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedTileOperand<TRows> At(float* data, nint stride) => new() { data = data };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Value(int row, int step) => data[(step * TRows.Rows) + row];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int steps) => data += steps * TRows.Rows;
}
