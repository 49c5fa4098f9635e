using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

/// <summary>How the values of an operand, (rows, K), lie in memory.</summary>
internal enum OperandLayout
{
    /// <summary>Row after row: the K values of a row are adjacent.</summary>
    RowMajor,

    /// <summary>K-step after K-step: the rows are adjacent.</summary>
    ColumnMajor,

    /// <summary>A packed micro-panel, (K, height).</summary>
    MicroPanel,

    /// <summary>Some columns of a block (K, nr) that micro-kernels have written: read as its transpose.</summary>
    TransposedBlock,
}

/// <summary>An operand of a product, or a part of one: element (row, k) is at row · RowStride + k · KStride.</summary>
internal readonly unsafe struct Operand
{
    private Operand(float* data, nint rowStride, nint kStride, OperandLayout layout)
    {
        Data = data;
        (RowStride, KStride, Layout) = (rowStride, kStride, layout);
    }

    public float* Data { get; }

    /// <summary>Floats from a row to the next; 1 unless row-major.</summary>
    public nint RowStride { get; }

    /// <summary>Floats from a step of K to the next; 1 if row-major.</summary>
    public nint KStride { get; }

    public OperandLayout Layout { get; }

    /// <summary>Whether micro-kernels may read the rows unpacked: adjacent along K, and without set conflicts.</summary>
    public bool IsReadableInPlace => Layout == OperandLayout.RowMajor && !CacheLine.HasSetConflict(RowStride);

    /// <summary>A matrix (rows, K).</summary>
    public static Operand RowMajor(float* data, nint rowStride) => new(data, rowStride, 1, OperandLayout.RowMajor);

    /// <summary>A matrix (K, rows).</summary>
    public static Operand ColumnMajor(float* data, nint kStride) => new(data, 1, kStride, OperandLayout.ColumnMajor);

    /// <summary>A packed micro-panel (K, height).</summary>
    public static Operand MicroPanel(float* panel, int height) => new(panel, 1, height, OperandLayout.MicroPanel);

    /// <summary>Columns of a block (K, width) as rows.</summary>
    public static Operand TransposedBlock(float* block, int width) => new(block, 1, width, OperandLayout.TransposedBlock);

    /// <summary>The part of the operand that begins at an element.</summary>
    public Operand From(nint row, nint k) => new(At(row, k), RowStride, KStride, Layout);

    /// <summary>The address of an element.</summary>
    public float* At(nint row, nint k) => Data + (row * RowStride) + (k * KStride);
}
