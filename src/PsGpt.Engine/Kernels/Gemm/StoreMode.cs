namespace PsGpt.Kernels.Gemm;

/// <summary>How a tile's accumulators are stored.</summary>
internal enum StoreMode
{
    /// <summary>Overwrite.</summary>
    Write,

    /// <summary>Add to the values in memory.</summary>
    Add,

    /// <summary>
    /// Overwrite with non-temporal stores, which need aligned full vectors: for results larger than a cache that are read late.
    /// </summary>
    Stream,
}
