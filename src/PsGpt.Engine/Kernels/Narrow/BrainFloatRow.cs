using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>A row of bfloat16, padded with zeros to whole vectors.</summary>
internal readonly unsafe struct BrainFloatRow<TSimd, TVector>(float* row) : IRow<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(nint index) => TSimd.LoadBrainFloat((ushort*)row + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(nint index, int count) => Load(index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(nint index) => CacheLine.Prefetch((float*)((ushort*)row + index));
}

/// <summary>Rows of bfloat16, one behind the other.</summary>
internal readonly unsafe struct BrainFloatRows<TSimd, TVector>(float* start, int columns) : IRows<BrainFloatRow<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public int FloatCount { get; } = NarrowRow.FloatCount(WeightDataType.BFloat16, columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Start(nint n) => start + (n * FloatCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BrainFloatRow<TSimd, TVector> Row(nint n) => new(Start(n));
}
