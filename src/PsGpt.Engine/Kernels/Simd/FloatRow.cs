using System.Runtime.CompilerServices;

namespace PsGpt.Kernels.Simd;

/// <summary>A row of float32.</summary>
internal readonly unsafe struct FloatRow<TSimd, TVector>(float* values) : IRow<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(nint index) => TSimd.Load(values + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(nint index, int count) => TSimd.Load(values + index, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(nint index) => CacheLine.Prefetch(values + index);
}

/// <summary>Rows of float32, one behind the other.</summary>
internal readonly unsafe struct FloatRows<TSimd, TVector>(float* start, int columns) : IRows<FloatRow<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public int FloatCount => columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Start(nint n) => start + (n * columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FloatRow<TSimd, TVector> Row(nint n) => new(Start(n));
}
