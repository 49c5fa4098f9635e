using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// <see cref="OperandLayout.RowMajor"/>: rows read in place. Three rows share an address, since a load adds once or twice the
/// stride to one at no cost.
/// </summary>
internal unsafe struct UnpackedMicroPanel : IMicroPanel<UnpackedMicroPanel>
{
    private float* row0;
    private float* row3;
    private float* row6;
    private float* row9;
    private nint rowStride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UnpackedMicroPanel At(float* data, nint rowStride) => new()
    {
        row0 = data,
        row3 = data + (3 * rowStride),
        row6 = data + (6 * rowStride),
        row9 = data + (9 * rowStride),
        rowStride = rowStride,
    };

    // One expression: with several returns the compiler loads the value first and broadcasts it from a register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Value(int row, int step)
    {
        var third = (row / 3) switch { 0 => row0, 1 => row3, 2 => row6, _ => row9 };
        return third[(row % 3 * rowStride) + step];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int steps)
    {
        row0 += steps;
        row3 += steps;
        row6 += steps;
        row9 += steps;
    }
}
