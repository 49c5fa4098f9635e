using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Simd;

/// <summary>
/// Masked loads and stores for the end of a row, where fewer floats are left than a vector holds: the other lanes are 0 and are not
/// touched. They must not call anything, since a call in a loop, made or not, spills all vectors to the stack.
/// </summary>
internal static unsafe class Masked<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>A vector of the first <paramref name="count"/> floats, at most a full one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(float* source, int count) =>
        count >= TSimd.Width ? TSimd.Load(source) : TSimd.LoadMasked(source, count);

    /// <summary>Stores the first <paramref name="count"/> floats, at most a full vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, TVector value, int count)
    {
        if (count >= TSimd.Width)
            TSimd.Store(destination, value);
        else
            TSimd.StoreMasked(destination, value, count);
    }
}
