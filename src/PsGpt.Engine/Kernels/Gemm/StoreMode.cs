namespace PsGpt.Kernels.Gemm;

/// <summary>How a tile's sums go to memory.</summary>
internal enum StoreMode
{
    /// <summary>They replace what is there.</summary>
    Write,

    /// <summary>They are added to what is there.</summary>
    Add,

    /// <summary>They replace it and pass the caches by: for what is larger than a cache and is not read again soon. Whole vectors at multiples of their size.</summary>
    Stream,
}
