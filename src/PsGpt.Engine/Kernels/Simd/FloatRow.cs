using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Simd;

/// <summary>A row of float32.</summary>
internal readonly unsafe struct FloatRow<TSimd, TVector>(float* values) : IRow<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(int index) => TSimd.Load(values + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(int index, int count) => Masked<TSimd, TVector>.Load(values + index, count);
}
