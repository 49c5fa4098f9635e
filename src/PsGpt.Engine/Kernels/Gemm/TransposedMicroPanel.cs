using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary><see cref="OperandLayout.TransposedBlock"/>: columns of a block (K, nr) as the rows of A.</summary>
    private struct TransposedMicroPanel : IMicroPanel<TransposedMicroPanel>
    {
        private float* data;

        private static nint KStride => Nr;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TransposedMicroPanel At(float* data, nint rowStride) => new() { data = data };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly float Value(int row, int step) => data[(step * KStride) + row];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Advance(int steps) => data += steps * KStride;
    }
}
