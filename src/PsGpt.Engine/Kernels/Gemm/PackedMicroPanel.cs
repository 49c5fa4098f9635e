using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Gemm;

/// <summary><see cref="OperandLayout.MicroPanel"/>: (K, rows).</summary>
internal unsafe struct PackedMicroPanel<TRows> : IMicroPanel<PackedMicroPanel<TRows>>
    where TRows : struct, ITileHeight
{
    private float* data;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedMicroPanel<TRows> At(float* data, nint rowStride) => new() { data = data };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Value(int row, int step) => data[(step * TRows.Rows) + row];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int steps) => data += steps * TRows.Rows;
}
