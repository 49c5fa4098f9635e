using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;
using PsGpt.Tensors;

namespace PsGpt.Kernels.Narrow;

/// <summary>A row of bytes with a scale for each block, padded with zeros to whole blocks.</summary>
internal readonly unsafe struct ByteRow<TSimd, TVector>(float* row, int columns) : IRow<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(nint index) => TSimd.Multiply(
        TSimd.LoadBytes(NarrowRow.Bytes(row, columns) + index), TSimd.Broadcast(NarrowRow.Scales(row)[index / NarrowRow.BlockLength]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(nint index, int count) => Load(index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(nint index) => CacheLine.Prefetch((float*)(NarrowRow.Bytes(row, columns) + index));
}

/// <summary>Rows of bytes with scales, one behind the other.</summary>
internal readonly unsafe struct ByteRows<TSimd, TVector>(float* start, int columns) : IRows<ByteRow<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public int FloatCount { get; } = NarrowRow.FloatCount(WeightDataType.Q8_0, columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Start(nint n) => start + (n * FloatCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ByteRow<TSimd, TVector> Row(nint n) => new(Start(n), columns);
}
