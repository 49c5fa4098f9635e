using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>
/// One operand of a product as the product sees it: element (row, depth) stands at row · RowStride + depth · DepthStride.
/// One of the strides is 1; which one says whether packing copies or transposes.
/// </summary>
internal readonly unsafe struct Operand(float* data, nint rowStride, nint depthStride)
{
    public float* Data { get; } = data;

    public nint RowStride { get; } = rowStride;

    public nint DepthStride { get; } = depthStride;

    /// <summary>Whether tiles may read the rows where they lie: along the depth, and without colliding in a cache.</summary>
    public bool IsReadableInPlace => DepthStride == 1 && !CacheLine.HasSetConflict(RowStride);

    /// <summary>A packed panel (depth, rows).</summary>
    public static Operand Panel(float* panel, int rows) => new(panel, 1, rows);

    /// <summary>The part of the operand that begins at an element.</summary>
    public Operand From(nint row, nint depth) => new(At(row, depth), RowStride, DepthStride);

    /// <summary>The address of an element.</summary>
    public float* At(nint row, nint depth) => Data + (row * RowStride) + (depth * DepthStride);
}
