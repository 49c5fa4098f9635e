using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Narrow;

/// <summary>A row of bfloat16, padded with zeros to whole vectors.</summary>
internal readonly unsafe struct BrainFloatRow<TSimd, TVector>(float* row) : IRow<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(int index) => TSimd.LoadBrainFloat((ushort*)row + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(int index, int count) => Load(index);

    /// <summary>Widens the first numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyTo(float* target, int count)
    {
        for (var i = 0; i < count; i += TSimd.Width)
            Masked<TSimd, TVector>.Store(target + i, Load(i), count - i);
    }
}
