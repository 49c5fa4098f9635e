using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>The accumulators of one row of a tile: two vectors.</summary>
    private struct Accumulators
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
}
