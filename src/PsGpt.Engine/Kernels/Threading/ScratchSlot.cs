namespace PsGpt.Kernels.Threading;

/// <summary>The buffers of <see cref="Scratch"/>, each with one owner: no other kernel may ask for it.</summary>
internal enum ScratchSlot
{
    /// <summary>GEMM, on the calling thread: the packed operand that all threads read.</summary>
    GemmSharedPanels,

    /// <summary>GEMM, on each thread: the micro-panels that it packs for its own chunk.</summary>
    GemmThreadPanels,

    /// <summary>GEMM, on each thread: a small B that the thread has packed for all its chunks.</summary>
    GemmThreadB,

    /// <summary>GEMM, on the calling thread: the sums of a product whose weight is read in place, before its last block of K.</summary>
    GemmSums,

    /// <summary>Attention in vectors, on each thread: the packed operands and scores of one head.</summary>
    AttentionHead,

    /// <summary>The reference attention: the scores of one query.</summary>
    ReferenceScores,

    /// <summary>LayerNorm's gradient, on the calling thread: the partial sums of each block of rows.</summary>
    LayerNormPartials,

    /// <summary>The squared norm of a tensor in memory, on the calling thread: the partial sum of each block.</summary>
    SumOfSquaresPartials,

    /// <summary><see cref="Simd.SquaredNorm{TSimd, TVector}"/>, on the calling thread: the sums of each part of a gradient.</summary>
    SquaredNormParts,

    /// <summary>Narrow matrices, on each thread: rows of the weight, widened.</summary>
    NarrowRows,

    /// <summary>Narrow matrices, on the calling thread: the quantized input, or a whole weight, widened.</summary>
    NarrowOperand,
}
